"""A table of points with their estimates: its own columns first, then metrics, then problems.

A large table is written in blocks and column by column: a text that stands often is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from attrs import frozen

from sizer.render.kit.numbers import METRIC_COLUMNS
from sizer.schema.answered.estimates import Estimates
from sizer.schema.answered.report import Value
from sizer.schema.table import Column

PROBLEM = "problem"
Block = tuple[Sequence[Sequence[str]], Estimates]


@frozen(eq=False, repr=False)
class Estimated:
    """The columns of a table as they were read, and its rows in blocks with what was found."""

    columns: Sequence[str]
    blocks: Iterable[Block]

    @property
    def names(self) -> list[str]:
        """Every column, in order."""
        more = (name for name in METRIC_COLUMNS if name not in self.columns)
        return [*self.columns, *more, PROBLEM]


@frozen(eq=False)
class Style:
    """How a row is written: values under their column's name, and what stands around them.

    `numbers` writes many at a time, NaN where they are unknown.
    """

    write: Callable[[str, Value], str]
    numbers: Callable[[str, list[float]], list[str]]
    start: str
    between: str
    end: str


def lines(points: Estimated, style: Style) -> Iterator[str]:
    """Yield a text for each block.

    A blank cell of a column that is a metric gets the value that was used.
    """
    for rows, estimates in points.blocks:
        cells = dict(zip(points.columns, zip(*rows, strict=True), strict=False))
        written = [_written(style, name, cells.get(name), estimates) for name in points.names]
        joined = map(style.between.join, zip(*written, strict=True))
        yield "".join(f"{style.start}{line}{style.end}" for line in joined)


def _written(
    style: Style, name: str, cells: Sequence[str] | None, estimates: Estimates
) -> Sequence[str]:
    """Return a column of the answer: what stands in the table, or else what was estimated."""
    if name == PROBLEM:
        return [style.write(name, problem) for problem in estimates.problems]
    column = estimates.table.get(name)
    if column is None:
        found = [style.write(name, None)] * len(estimates)
    else:
        texts = np.array([*_texts(style, name, column), style.write(name, None)], object)
        found = texts[estimates.row_of].tolist()
    if cells is None:
        return found
    own = {text: style.write(name, text) if text.strip() else None for text in set(cells)}
    return [own[text] or used for text, used in zip(cells, found, strict=True)]


def _texts(style: Style, name: str, column: Column) -> list[str]:
    """Return each value of a column as text; equal ones are written once."""
    values, first, where = np.unique(column.values, return_index=True, return_inverse=True)
    if column.values.dtype == np.float64:
        written = style.numbers(name, values.tolist())
    else:
        written = [style.write(name, column.cell(int(row))) for row in first]
    texts: list[str] = np.array(written, object)[where].tolist()
    return texts
