"""Columns of candidates. Needs numpy, so only what runs an estimate imports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Values = NDArray[Any]


@frozen(eq=False)
class Column:
    """One metric of every candidate.

    Numbers are float64 with NaN for unknown; booleans are int8 with 1, 0 and -1 for unknown;
    texts are int32 codes into `vocabulary` with -1 for unknown.
    """

    values: Values
    vocabulary: tuple[str, ...] | None = None

    def cell(self, row: int) -> float | bool | str | None:
        """Return one value as plain Python, None where it is unknown."""
        value = self.values[row]
        if self.vocabulary is not None:
            return None if value < 0 else self.vocabulary[int(value)]
        if self.values.dtype == np.int8:
            return None if value < 0 else bool(value)
        return None if np.isnan(value) else float(value)

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """Which candidates have no known value."""
        floats = self.vocabulary is None and self.values.dtype != np.int8
        mask: NDArray[np.bool_] = np.isnan(self.values) if floats else self.values < 0
        return mask

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.values)

    def take(self, rows: Values) -> Column:
        """Return the column of the given rows, in their order."""
        return Column(self.values.take(rows), self.vocabulary)


def joined(columns: Sequence[Column]) -> Column:
    """Return the rows of columns of one metric, one after the other."""
    first = columns[0].vocabulary
    if first is None or all(each.vocabulary == first for each in columns):
        return Column(np.concatenate([each.values for each in columns]), first)
    words = tuple(sorted({word for each in columns for word in each.vocabulary or ()}))
    places = {word: place for place, word in enumerate(words)}
    codes = [
        np.array([*(places[word] for word in each.vocabulary or ()), -1], np.int32)[each.values]
        for each in columns
    ]
    return Column(np.concatenate(codes), words)


Table = Mapping[str, Column]
