"""The rows of a scenario: listed one by one, or as strips of which rows are made when needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from attrs import Factory, field, frozen
from numpy.typing import NDArray

Indices = NDArray[np.int32]
Numbers = NDArray[np.intp]
Reals = NDArray[np.float64]


@frozen(eq=False)
class Listed:
    """Rows as four indices each: a deployment, on an accelerator, under a load, by an engine."""

    deployment_of: Indices
    gpu_of: Indices
    load_of: Indices
    engine_of: Indices = Factory(lambda self: np.zeros_like(self.load_of), takes_self=True)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.deployment_of)

    def take(self, rows: Numbers | slice) -> Listed:
        """Return the given rows, in their order."""
        return Listed(
            self.deployment_of[rows], self.gpu_of[rows], self.load_of[rows], self.engine_of[rows]
        )

    @property
    def begins(self) -> NDArray[np.bool_]:
        """Which rows differ from the one before in more than the load."""
        found = np.ones(len(self), np.bool_)
        after = found[1:]
        np.not_equal(self.deployment_of[1:], self.deployment_of[:-1], out=after)
        for each in (self.gpu_of, self.engine_of):
            after |= each[1:] != each[:-1]
        return found

    def begin_of(self, row: int) -> int:
        """Return the first row of those about a row that differ in their load alone."""
        return int(self._starts[np.searchsorted(self._starts, row, side="right") - 1])

    @cached_property
    def _starts(self) -> Numbers:
        return np.flatnonzero(self.begins)

    def placed(self) -> Iterator[tuple[int, int]]:
        """Yield each accelerator with each deployment on it."""
        pairs = zip(self.gpu_of.tolist(), self.deployment_of.tolist(), strict=True)
        yield from dict.fromkeys(pairs)


@frozen(eq=False)
class Strips:
    """Rows as strips: deployments that follow each other, on one accelerator, by one engine.

    Strip `s` has `counts[s]` deployments from `firsts[s]` on, on accelerator `gpus[s]` by engine
    `engines[s]`, each at its loads: `loads[loads_of[d]]` are those of deployment `d`. Rows of a
    deployment follow each other. A strip takes 24 bytes and a deployment 12, however many rows
    they have.
    """

    gpus: Indices
    firsts: Indices
    counts: Indices
    loads: Sequence[Indices]
    loads_of: Indices
    engines: Indices = Factory(lambda self: np.zeros_like(self.gpus), takes_self=True)
    _lengths: NDArray[np.int64] = field(init=False)
    _listed: Indices = field(init=False)
    _before: NDArray[np.int64] = field(init=False)
    _starts: NDArray[np.int64] = field(init=False)

    @_lengths.default
    def _lengths_of_loads(self) -> NDArray[np.int64]:
        return np.array([len(each) for each in self.loads], np.int64)

    @_listed.default
    def _loads_in_one(self) -> Indices:
        return np.concatenate((*self.loads, np.zeros(0, np.int32)))

    @_before.default
    def _rows_before_a_deployment(self) -> NDArray[np.int64]:
        return _sums(self._lengths[self.loads_of])

    @_starts.default
    def _rows_before_a_strip(self) -> NDArray[np.int64]:
        return _sums(self._before[self.firsts + self.counts] - self._before[self.firsts])

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._starts[-1])

    def take(self, rows: Numbers | slice) -> Listed:
        """Return the given rows, in their order."""
        at = np.arange(*rows.indices(len(self))) if isinstance(rows, slice) else rows
        strip = np.searchsorted(self._starts, at, side="right") - 1
        place = at - self._starts[strip] + self._before[self.firsts[strip]]
        deployment = np.searchsorted(self._before, place, side="right") - 1
        first = _sums(self._lengths)[self.loads_of[deployment]]
        load = self._listed[first + place - self._before[deployment]]
        return Listed(deployment.astype(np.int32), self.gpus[strip], load, self.engines[strip])

    def begin_of(self, row: int) -> int:
        """Return the first row of those about a row that differ in their load alone."""
        return self.span_of(row)[0]

    def span_of(self, row: int) -> tuple[int, int]:
        """Return where those rows about a row begin that differ in their load alone, and end."""
        strip = int(np.searchsorted(self._starts, row, side="right")) - 1
        offset = int(self._starts[strip]) - int(self._before[self.firsts[strip]])
        deployment = int(np.searchsorted(self._before, row - offset, side="right")) - 1
        return int(self._before[deployment]) + offset, int(self._before[deployment + 1]) + offset

    def placed(self) -> Iterator[tuple[int, int]]:
        """Yield the accelerator of each strip with its first deployment."""
        yield from zip(self.gpus.tolist(), self.firsts.tolist(), strict=True)


def _sums(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of all lengths before each, and of all."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
