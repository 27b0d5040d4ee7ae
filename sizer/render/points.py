"""A table of points with their estimates: its own columns first, then metrics, then problems."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from sizer.render.csv import METRIC_COLUMNS, cell
from sizer.render.document import number
from sizer.schema.answered.report import Value
from sizer.schema.asked.point import MEASURED
from sizer.schema.metrics import registry

PROBLEM = "problem"
Found = tuple[Mapping[str, Value], str | None]


def points_csv(
    columns: Sequence[str], rows: Iterable[Sequence[str]], found: Iterable[Found]
) -> str:
    """Return the table as CSV; a blank cell of a column that is a metric gets the value used."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    names = _names(columns)
    lines.writerow(names)
    for record in _records(columns, rows, found):
        lines.writerow([_cell(record[name]) for name in names])
    return out.getvalue()


def points_jsonl(
    columns: Sequence[str], rows: Iterable[Sequence[str]], found: Iterable[Found]
) -> str:
    """Return the table as one JSON object a line; null is unknown, numbers are numbers."""
    records = _records(columns, rows, found)
    typed = ({name: _typed(name, each[name]) for name in each} for each in records)
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in typed)


def _names(columns: Sequence[str]) -> list[str]:
    return [*columns, *(name for name in METRIC_COLUMNS if name not in columns), PROBLEM]


def _records(
    columns: Sequence[str], rows: Iterable[Sequence[str]], found: Iterable[Found]
) -> Iterator[dict[str, Value]]:
    for cells, (metrics, problem) in zip(rows, found, strict=True):
        record: dict[str, Value] = {name: metrics.get(name) for name in _names(columns)}
        record |= {name: text for name, text in zip(columns, cells, strict=True) if text.strip()}
        record[PROBLEM] = problem
        yield record


def _typed(name: str, value: Value) -> Value:
    """Return what a cell of a number says, if it says one."""
    metric = registry().get(name.removeprefix(MEASURED))
    if not isinstance(value, str) or metric is None or metric.kind != "number":
        return number(value)
    try:
        said = number(float(value), whole=True)
    except ValueError:
        return value
    return value if said is None else said


def _cell(value: Value) -> str:
    return cell(f"{value:.12g}" if isinstance(value, float) else value)
