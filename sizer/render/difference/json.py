"""A difference as JSON: complete and versioned."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from sizer.render.difference.figures import deltas
from sizer.render.json import dumped
from sizer.schema.answered.difference import Change, Difference

VERSION = 1


def render(difference: Difference) -> str:
    """Return the whole difference; what is unknown or absent is null."""
    return dumped(
        {
            "version": VERSION,
            "before": difference.before,
            "after": difference.after,
            "changed": difference.changed,
            "unchanged": difference.unchanged,
            "changes": [_change(each) for each in difference.changes],
            "inert": [asdict(each) for each in difference.inert],
            "notes": list(difference.notes),
        }
    )


def _change(change: Change) -> dict[str, Any]:
    figures = {
        each.metric: {"before": each.before, "after": each.after, "share": each.share}
        for each in deltas(change)
    }
    return {**asdict(change), "deltas": figures}
