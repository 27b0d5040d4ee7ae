"""JSON of a ledger: the numbers of the text, unrounded."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from sizer.render.document import number
from sizer.render.json import dumped
from sizer.schema.answered.ledger import Ledger, Section

VERSION = 1


def render(ledger: Ledger) -> str:
    """Return the ledger; unknown is null."""
    return dumped(
        {
            "version": VERSION,
            "candidate": ledger.candidate,
            "settings": {name: number(value) for name, value in ledger.settings},
            "sections": [_section(each) for each in ledger.sections],
            "notes": list(ledger.notes),
        }
    )


def _section(section: Section) -> dict[str, Any]:
    entries = [{**asdict(each), "value": number(each.value)} for each in section.entries]
    ends = {name: number(getattr(section, name)) for name in ("value", "low", "high")}
    return {"metric": section.total, "unit": section.unit, **ends, "entries": entries}
