"""Estimates of the rows of a table. Needs numpy, so only what runs an estimate imports it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.schema.answered.report import Value
from sizer.schema.table import Table

NOT_THERE = -1


@frozen
class Estimate:
    """Metrics of a row by name, None where unknown; or in words why there are none."""

    metrics: dict[str, Value]
    problem: str | None = None


@frozen(eq=False)
class Estimates:
    """The estimates of some rows: `table` has those that are known, `row_of` says where.

    `row_of` has the shape (rows,), NOT_THERE where `problems` says why there is no estimate.
    """

    table: Table
    row_of: NDArray[np.int64]
    problems: tuple[str | None, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.problems)

    def __iter__(self) -> Iterator[Estimate]:
        """Yield each row as plain values."""
        for row, problem in zip(self.row_of.tolist(), self.problems, strict=True):
            there = self.table if row != NOT_THERE else {}
            yield Estimate({name: column.cell(row) for name, column in there.items()}, problem)

    def numbers(self, metric: str) -> NDArray[np.float64]:
        """Return a numeric metric of every row, shape (rows,), NaN where it is unknown."""
        known = np.append(self.table[metric].values.astype(np.float64), np.nan)
        found: NDArray[np.float64] = known[self.row_of]
        return found
