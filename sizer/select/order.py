"""Which rows come first: by the sort keys, unknown last, ties by what the candidate is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.expr.language import SortKey
from sizer.schema.table import Column, Table

Rows = NDArray[np.intp]
Rank = NDArray[np.float64]
Ranks = Sequence[NDArray[Any]]


@frozen(eq=False)
class Order:
    """An order of the rows of a table: ranks that rise from best to worst, the first decides first.

    Which rows come first does not depend on the order in which they are asked about.
    """

    ranks: tuple[NDArray[Any], ...]

    @classmethod
    def of(cls, keys: Sequence[SortKey], table: Table, identity: Ranks) -> Order:
        """Return the order by sort keys; `identity` holds the ranks that break ties."""
        ranked = (rank(table[key.name], descending=key.descending) for key in keys)
        return cls((*ranked, *identity))

    def best(self, rows: Rows, limit: int | None) -> Rows:
        """Return up to `limit` of `rows`, best first."""
        if limit is not None:
            rows = self._within(rows, limit)
        return rows[np.lexsort([each[rows] for each in self.ranks[::-1]])][:limit]

    def best_of_each(self, rows: Rows, groups: NDArray[np.integer[Any]]) -> Rows:
        """Return the best of `rows` in each group; `groups` numbers the group of each."""
        for each in self.ranks:
            lowest = np.full(int(groups.max(initial=-1)) + 1, np.inf)
            np.minimum.at(lowest, groups, each[rows])
            first = each[rows] == lowest[groups]
            rows, groups = rows[first], groups[first]
        _, one = np.unique(groups, return_index=True)
        return rows[one]

    def _within(self, rows: Rows, limit: int) -> Rows:
        """Return those of `rows` that may be among the best, without ordering them all."""
        surely: list[Rows] = []
        for each in self.ranks:
            if len(rows) <= limit:
                break
            values = each[rows]
            bound = np.partition(values, limit - 1)[limit - 1]
            surely.append(rows[values < bound])
            rows, limit = rows[values == bound], limit - len(surely[-1])
        return np.concatenate([*surely, rows])


def rank(column: Column, *, descending: bool) -> Rank:
    """Return numbers that rise from best to worst, infinite where the value is unknown."""
    values = column.values.astype(np.float64)
    if column.vocabulary is not None:
        positions = np.argsort(np.argsort(np.array(column.vocabulary or ("",))))
        values = np.where(values < 0, np.nan, positions[column.values])
    elif column.values.dtype == np.int8:
        values = np.where(values < 0, np.nan, values)
    worst_last = -values if descending else values
    return np.where(np.isnan(worst_last), np.inf, worst_last)
