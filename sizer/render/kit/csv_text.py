"""CSV as every form writes it: an empty cell is unknown, and no cell is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from sizer.schema.answered.report import Value


def table(columns: Sequence[str], rows: Iterable[Iterable[Value]]) -> str:
    """Return a heading and rows; lines end in a newline alone."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows(map(cell, row) for row in rows)
    return out.getvalue()


def cell(value: Value) -> str:
    """Return a value as text; one that a spreadsheet would run as a formula gets a quote."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return "'" + value
    return str(value)
