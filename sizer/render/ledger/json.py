"""JSON of a ledger: the numbers of the text, unrounded."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import number
from sizer.render.ledger.words import formula, label, note_text
from sizer.schema.answered.ledger import Entry, Ledger, Note, Section

VERSION = 2


def render(ledger: Ledger, _: Look) -> str:
    """Return the ledger; unknown is null."""
    return dumped(
        {
            "version": VERSION,
            "candidate": ledger.candidate,
            "settings": {name: number(value) for name, value in ledger.settings},
            "sections": [_section(each) for each in ledger.sections],
            "notes": [_note(each) for each in ledger.notes],
        }
    )


def _entry(entry: Entry) -> dict[str, Any]:
    terms = [
        [{"value": number(each.value), "unit": each.unit or None} for each in product]
        for product in entry.terms
    ]
    figures = {"value": number(entry.value), "terms": terms, "formula": formula(entry)}
    return {**asdict(entry), "label": label(entry), **figures}


def _note(note: Note) -> dict[str, Any]:
    return {"kind": note.kind, **asdict(note), "text": note_text(note)}


def _section(section: Section) -> dict[str, Any]:
    entries = [_entry(each) for each in section.entries]
    ends = {name: number(getattr(section, name)) for name in ("value", "low", "high")}
    return {"metric": section.total, "unit": section.unit, **ends, "entries": entries}
