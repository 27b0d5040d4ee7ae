"""A difference as JSON: complete and versioned; each value has a kind, and its words as `text`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import asdict, fields, has

from sizer.render.difference.figures import deltas
from sizer.render.difference.words import detail_text, note_text, status_lines
from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import number
from sizer.schema.answered.difference import Cause, Change, ChoiceStatus, Difference

VERSION = 2


def render(difference: Difference, _: Look) -> str:
    """Return the whole difference; what is unknown or absent is null."""
    return dumped(
        {
            "version": VERSION,
            "before": difference.before,
            "after": difference.after,
            "changed": difference.changed,
            "unchanged": difference.unchanged,
            "changes": [_change(each) for each in difference.changes],
            "inert": [
                {"profile": each.profile, "causes": _causes(each.causes)}
                for each in difference.inert
            ],
            "notes": [{**_tabled(each), "text": note_text(each)} for each in difference.notes],
        }
    )


def _change(change: Change) -> dict[str, Any]:
    figures = {
        each.metric: {"before": each.before, "after": each.after, "share": each.share}
        for each in deltas(change)
    }
    told = {
        "causes": _causes(change.causes),
        "also": _causes(change.also),
        "fate": _status(change.fate),
    }
    return {**asdict(change), **told, "deltas": figures}


def _causes(causes: Iterable[Cause]) -> list[dict[str, Any]]:
    return [
        {
            "kind": cause.kind,
            "details": [{**_tabled(each), "text": detail_text(each)} for each in cause.details],
        }
        for cause in causes
    ]


def _status(status: ChoiceStatus | None) -> dict[str, Any] | None:
    return None if status is None else {**_tabled(status), "text": status_lines(status)}


def _tabled(value: Any) -> dict[str, Any]:
    """Return a value as a table that starts with its kind."""
    return {"kind": value.kind, **_plain(value)}


def _plain(value: Any) -> Any:
    """Return any value of a profile or of the facts as plain data."""
    if has(type(value)):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(type(value))}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return number(value)
    return str(value)  # a date
