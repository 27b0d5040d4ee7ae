"""The memory of one candidate, line by line."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.answered.report import Value


@frozen
class Entry:
    """A line: what, how it is computed, and how much."""

    name: str
    formula: str
    value: float
    unit: str = "GiB"


@frozen
class Section:
    """Lines that make up the metric `total`; `low` and `high` are its bounds, None without any."""

    total: str
    entries: tuple[Entry, ...]
    value: Value
    unit: str = "GiB"
    low: Value = None
    high: Value = None


@frozen
class Ledger:
    """Sections of a candidate; `notes` say where the estimate leaves what was measured."""

    candidate: str
    settings: tuple[tuple[str, Value], ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
