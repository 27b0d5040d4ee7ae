"""The best of some candidates, that join to the best of all.

However candidates are split, and in whatever order the best of the parts are joined, they are the
same. So many are held as are asked for, however many were judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.select.order import Ranks, best, best_of_each

Rows = NDArray[np.intp]


def _none() -> Rows:
    return np.array([], np.intp)


@frozen(eq=False)
class Best:
    """The best `limit` candidates of each group, in no order; all of them without a limit.

    A candidate is the first of its rows in a scenario, with the number of its group and its ranks.
    """

    limit: int | None = None
    rows: Rows = field(factory=_none)
    groups: Rows = field(factory=_none)
    ranks: Ranks = ()

    @classmethod
    def of(cls, ranks: Ranks, among: Rows, rows: Rows, limit: int | None) -> Best:
        """Return the best of those `among` all that are ranked; `rows` are the rows of all."""
        found = among if limit is None else best((*ranks, rows), among, limit)
        return cls(limit, rows[found], np.zeros_like(found), _taken(ranks, found))

    @classmethod
    def of_each(cls, ranks: Ranks, among: Rows, rows: Rows, groups: NDArray[Any]) -> Best:
        """Return the best of each group; `groups` numbers those of all that are ranked."""
        found = best_of_each((*ranks, rows), among, groups[among])
        return cls(1, rows[found], groups[found].astype(np.intp), _taken(ranks, found))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    @property
    def ordered(self) -> Rows:
        """The first rows of all, the best of all groups first."""
        return self.rows[best(self._keys, np.arange(len(self)), None)]

    @property
    def _keys(self) -> Ranks:
        """All that orders candidates: of those alike in all ranks, the first row comes first."""
        return (*self.ranks, self.rows)

    @property
    def first(self) -> Best:
        """The best of all groups alone; nothing if there is none."""
        return self._taken(best(self._keys, np.arange(len(self)), 1), 1)

    def joined(self, *others: Best) -> Best:
        """Return the best of all, which have the same limit."""
        found = [each for each in (self, *others) if len(each)] or [self]
        if found == [found[0]]:
            return found[0]
        every = Best(
            found[0].limit,
            np.concatenate([each.rows for each in found]),
            np.concatenate([each.groups for each in found]),
            [np.concatenate(each) for each in zip(*(each.ranks for each in found), strict=True)],
        )
        return every if every.limit is None else every._within(every.limit)

    def _within(self, limit: int) -> Best:
        """Return those that are among the first `limit` of their group."""
        every = np.arange(len(self))
        if limit == 1:
            found = best_of_each(self._keys, every, self.groups)
        else:
            order = np.lexsort((*self._keys[::-1], self.groups))
            places = every - np.searchsorted(self.groups[order], self.groups[order])
            found = order[places < limit]
        return self._taken(found, limit)

    def _taken(self, which: Rows, limit: int) -> Best:
        return Best(limit, self.rows[which], self.groups[which], _taken(self.ranks, which))


def _taken(ranks: Ranks, which: Rows) -> Sequence[NDArray[Any]]:
    return [each[which] for each in ranks]
