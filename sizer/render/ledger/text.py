"""A ledger for a reader with a pencil: a line each, and under a rule what they come to."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.render.kit.look import PAGE_WIDTH, Look
from sizer.render.ledger.words import formula, label, note_text
from sizer.schema.answered.ledger import Entry, Ledger, Section
from sizer.schema.answered.report import Value

NAMES, FIGURES = 28, 14


def render(ledger: Ledger, _: Look) -> str:
    """Return the ledger as text."""
    return "\n".join(_lines(ledger)) + "\n"


def _lines(ledger: Ledger) -> Iterator[str]:
    yield ledger.candidate
    yield "one accelerator of the pipeline stage that leaves the least room"
    yield ""
    for name, value in ledger.settings:
        yield f"  {name:<{NAMES}}{_figure(value)}"
    for section in ledger.sections:
        yield ""
        yield from _section(section)
    yield ""
    yield from (f"note: {note_text(note)}" for note in ledger.notes)


def _section(section: Section) -> Iterator[str]:
    formulas = PAGE_WIDTH - NAMES - FIGURES - 4
    for entry in section.entries:
        figure = _figure(entry.value, places=_places(entry))
        yield f"  {label(entry):<{NAMES}}{formula(entry):<{formulas}}{figure:>{FIGURES}}"
    value = _figure(section.value, places=3)
    ends = f"90 % from {_figure(section.low, places=3)} to {_figure(section.high, places=3)}"
    unit = f"{section.total} ({section.unit})" if section.unit != "GiB" else section.total
    yield f"= {unit:<{NAMES}}{ends:<{formulas}}{value:>{FIGURES}}"


def _places(entry: Entry) -> int:
    return 4 if entry.unit == "GiB" else 0


def _figure(value: Value, places: int | None = None) -> str:
    if value is None:
        return "unknown"
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,g}" if places is None else f"{value:,.{places}f}"
