"""Which rows come first: by the sort keys, unknown last, ties by what the candidate is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizer.expr.language import SortKey
from sizer.schema.table import Column, Table

Rows = NDArray[np.intp]
Rank = NDArray[np.float64]


def best(
    rows: Rows,
    keys: Sequence[SortKey],
    table: Table,
    identity: Sequence[NDArray[np.int32]],
    limit: int | None,
) -> Rows:
    """Return up to `limit` of `rows`, best first.

    `identity` holds the ranks that break ties, most significant first; the answer does not
    depend on the order of `rows`.
    """
    ranks = [rank(table[key.name].take(rows), descending=key.descending) for key in keys]
    if limit is not None and ranks and len(rows) > limit:
        kept = _within(ranks[0], limit)
        rows, ranks = rows[kept], [each[kept] for each in ranks]
    keys_first: list[NDArray[Any]] = [*ranks, *(each[rows] for each in identity)]
    order = np.lexsort(keys_first[::-1])
    return rows[order[:limit]]


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


def _within(ranks: Rank, limit: int) -> Rows:
    bound = np.partition(ranks, limit - 1)[limit - 1]
    return np.flatnonzero(ranks <= bound)
