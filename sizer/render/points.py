"""A table of points with their estimates: its own columns first, then metrics, then problems.

A large table is written in blocks and column by column: a text that stands often is made once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isnan
from types import MappingProxyType

import numpy as np
from attrs import frozen

from sizer.render.csv import METRIC_COLUMNS, cell
from sizer.render.document import number
from sizer.schema.answered.estimates import Estimates
from sizer.schema.answered.report import Value
from sizer.schema.asked.point import MEASURED
from sizer.schema.metrics import registry
from sizer.schema.table import Column

PROBLEM = "problem"
QUOTED = frozenset(',"\r\n')
Block = tuple[Sequence[Sequence[str]], Estimates]


@frozen(eq=False)
class Form:
    """How a row is written: values under their column's name, and what stands around them.

    `numbers` writes many at a time, NaN where they are unknown.
    """

    write: Callable[[str, Value], str]
    numbers: Callable[[str, list[float]], list[str]]
    start: str
    between: str
    end: str
    headed: bool


def points_text(form: str, columns: Sequence[str], blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the table in one of FORMS, a text for each block.

    A blank cell of a column that is a metric gets the value that was used.
    """
    chosen, names = FORMS[form], _names(columns)
    if chosen.headed:
        yield ",".join(map(_quoted, names)) + chosen.end
    for rows, estimates in blocks:
        cells = dict(zip(columns, zip(*rows, strict=True), strict=False))
        written = [_written(chosen, name, cells.get(name), estimates) for name in names]
        lines = map(chosen.between.join, zip(*written, strict=True))
        yield "".join(f"{chosen.start}{line}{chosen.end}" for line in lines)


def _names(columns: Sequence[str]) -> list[str]:
    return [*columns, *(name for name in METRIC_COLUMNS if name not in columns), PROBLEM]


def _written(
    form: Form, name: str, cells: Sequence[str] | None, estimates: Estimates
) -> Sequence[str]:
    """Return a column of the answer: what stands in the table, or else what was estimated."""
    if name == PROBLEM:
        return [form.write(name, problem) for problem in estimates.problems]
    column = estimates.table.get(name)
    if column is None:
        found = [form.write(name, None)] * len(estimates)
    else:
        texts = np.array([*_texts(form, name, column), form.write(name, None)], object)
        found = texts[estimates.row_of].tolist()
    if cells is None:
        return found
    own = {text: form.write(name, text) if text.strip() else None for text in set(cells)}
    return [own[text] or used for text, used in zip(cells, found, strict=True)]


def _texts(form: Form, name: str, column: Column) -> list[str]:
    """Return each value of a column as text; equal ones are written once."""
    values, first, where = np.unique(column.values, return_index=True, return_inverse=True)
    if column.values.dtype == np.float64:
        written = form.numbers(name, values.tolist())
    else:
        written = [form.write(name, column.cell(int(row))) for row in first]
    texts: list[str] = np.array(written, object)[where].tolist()
    return texts


def _csv(_: str, value: Value) -> str:
    return _quoted(cell(value))


def _csv_numbers(_: str, values: list[float]) -> list[str]:
    return ["" if isnan(value) else f"{value:.12g}" for value in values]


def _quoted(text: str) -> str:
    """Return a cell as the format wants it (RFC 4180): quoted where it holds a mark of its own."""
    if QUOTED.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def _json(name: str, value: Value) -> str:
    return f"{_key(name)}: {json.dumps(_typed(name, value), ensure_ascii=False)}"


def _json_numbers(name: str, values: list[float]) -> list[str]:
    key = _key(name)
    return [f"{key}: {json.dumps(number(value))}" for value in values]


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


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


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "csv": Form(_csv, _csv_numbers, "", ",", "\n", headed=True),
        "jsonl": Form(_json, _json_numbers, "{", ", ", "}\n", headed=False),
    }
)
