"""Which rows come first: by the sort keys, unknown last, ties by what matters, then by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.expr.language import SortKey
from sizer.schema.table import Column, Table
from sizer.select.lead import Lead

Rows = NDArray[np.intp]
Rank = NDArray[np.float64]
Ranks = Sequence[NDArray[Any]]
_MOST = np.finfo(np.float64).max


TIES = (
    SortKey("fits_surely", descending=True),
    SortKey("cost_usd_per_hour", descending=False),
    SortKey("itl_ms", descending=False),
    SortKey("ttft_ms", descending=False),
    SortKey("gpus", descending=False),
    SortKey("weight_bits", descending=True),
)


def tie_keys(sort: Sequence[SortKey]) -> tuple[SortKey, ...]:
    """Return what decides between candidates that a sort finds equal, before their names do."""
    named = {key.name for key in sort}
    return tuple(key for key in TIES if key.name not in named)


@frozen(eq=False)
class Order:
    """An order of the rows of a table: ranks that rise from best to worst, the first decides first.

    `sorts` are by the keys of a sort, `ties` by `tie_keys`, `names` by what a candidate is called.
    Which rows come first does not depend on the order in which they are asked about.
    """

    sorts: tuple[Rank, ...]
    ties: tuple[Rank, ...]
    names: Ranks

    @classmethod
    def of(cls, sort: Sequence[SortKey], table: Table, names: Ranks) -> Order:
        """Return the order by sort keys and all that breaks their ties."""

        def ranked(keys: Sequence[SortKey]) -> tuple[Rank, ...]:
            return tuple(rank(table[key.name], descending=key.descending) for key in keys)

        return cls(ranked(sort), ranked(tie_keys(sort)), names)

    @property
    def ranks(self) -> Ranks:
        """All ranks, the most significant first."""
        return (*self.sorts, *self.ties, *self.names)

    def lead(self, rows: Rows) -> Lead:
        """Return how `rows` stand at the head of the order."""
        if not len(rows):
            return Lead()
        first, alike = self.best(rows, 1)[0], rows
        for each in self.sorts:
            alike = alike[each[alike] == each[first]]
        unranked = int(np.count_nonzero(np.isinf(self.sorts[0][rows])))
        return Lead(tuple(float(each[first]) for each in self.sorts), len(alike), unranked)

    def parting(self, first: int, second: int) -> int | None:
        """Return the number of the tie key that puts a row before another; None: their names."""
        differ = (number for number, each in enumerate(self.ties) if each[first] != each[second])
        return next(differ, None)

    def best(self, rows: Rows, limit: int | None) -> Rows:
        """Return up to `limit` of `rows`, best first."""
        return best(self.ranks, rows, limit)

    def best_of_each(self, rows: Rows, groups: NDArray[np.integer[Any]]) -> Rows:
        """Return the best of `rows` in each group; `groups` numbers the group of each."""
        return best_of_each(self.ranks, rows, groups)


def best(ranks: Ranks, rows: Rows, limit: int | None) -> Rows:
    """Return up to `limit` of `rows`, best first by their ranks."""
    if limit is not None:
        rows = _within(ranks, rows, limit)
    if not len(rows):
        return rows
    return rows[np.lexsort([each[rows] for each in ranks[::-1]])][:limit]


def best_of_each(ranks: Ranks, rows: Rows, groups: NDArray[np.integer[Any]]) -> Rows:
    """Return the best of `rows` in each group by their ranks; `groups` numbers that of each."""
    for each in ranks:
        lowest = np.full(int(groups.max(initial=-1)) + 1, np.inf)
        np.minimum.at(lowest, groups, each[rows])
        first = each[rows] == lowest[groups]
        rows, groups = rows[first], groups[first]
    _, one = np.unique(groups, return_index=True)
    return rows[one]


def _within(ranks: Ranks, rows: Rows, limit: int) -> Rows:
    """Return those of `rows` that may be among the best, without ordering them all."""
    surely: list[Rows] = []
    for each in ranks:
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
    return np.nan_to_num(worst_last, nan=np.inf, posinf=_MOST, neginf=-_MOST)
