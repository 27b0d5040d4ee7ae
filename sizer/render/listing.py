"""Facts in rows: aligned text, JSON or CSV, without a table library."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from types import MappingProxyType

from sizer.render.csv import cell
from sizer.render.document import number
from sizer.render.figures import figure
from sizer.render.json import dumped
from sizer.render.plain import plain
from sizer.schema.answered.report import Value

Row = Mapping[str, Value]


def listing(rows: Sequence[Row], columns: Sequence[str], form: str) -> str:
    """Return rows in one of LISTINGS. Raises KeyError for a form that does not exist."""
    kept = [{name: _plain(row[name]) for name in columns} for row in rows]
    return LISTINGS[form](kept, columns)


def _text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    lines = [tuple(columns), *(tuple(_shown(name, row[name]) for name in columns) for row in rows)]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    numeric = [any(isinstance(row[name], int | float) for row in rows) for name in columns]
    drawn = (
        "  ".join(
            each.rjust(width) if right else each.ljust(width)
            for each, width, right in zip(line, widths, numeric, strict=True)
        )
        for line in lines
    )
    return "".join(f"{line.rstrip()}\n" for line in drawn)


def _json(rows: Sequence[Row], _: Sequence[str]) -> str:
    return dumped(rows)


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return out.getvalue()


def _shown(name: str, value: Value) -> str:
    if name.endswith("_year") and value is not None:
        return str(value)
    return figure(value)


def _plain(value: Value) -> Value:
    return plain(value) if isinstance(value, str) else number(value)


LISTINGS: Mapping[str, Callable[[Sequence[Row], Sequence[str]], str]] = MappingProxyType(
    {"text": _text, "json": _json, "csv": _csv}
)
