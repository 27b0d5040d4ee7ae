"""How many candidates each condition removed, counted over blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from sizer.schema.answered.report import FunnelStage
from sizer.schema.verdict import UNKNOWN, Verdict

Counts = NDArray[np.int64]


@define(eq=False)
class Funnel:
    """Counts by model and condition; `add` takes one block of candidates at a time."""

    models: int
    _candidates: Counts = field(init=False)
    _survivors: Counts = field(init=False)
    _labels: list[tuple[str, str]] = field(factory=list, init=False)
    _given: list[Counts] = field(factory=list, init=False)
    _removed: list[Counts] = field(factory=list, init=False)
    _unknown: list[Counts] = field(factory=list, init=False)
    _waived: list[Counts] = field(factory=list, init=False)

    def add(self, verdicts: Sequence[Verdict], model_of: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Count a block and return which of its rows survive every condition."""
        if not self._labels:
            self._begin(verdicts)
        self._candidates += np.bincount(model_of, minlength=self.models)
        alive = np.ones(len(model_of), np.bool_)
        for number, verdict in enumerate(verdicts):
            out = alive & ~verdict.admits
            unknown = out & (verdict.outcome == UNKNOWN)
            self._given[number] += self._count(model_of, alive)
            self._removed[number] += self._count(model_of, out)
            self._unknown[number] += self._count(model_of, unknown)
            if verdict.waived is not None:
                self._waived[number] += self._count(model_of, alive & verdict.waived)
            alive &= ~out
        self._survivors += self._count(model_of, alive)
        return alive

    def candidates(self, model: int) -> int:
        """Return how many candidates a model had."""
        return int(self._candidates[model])

    def survivors(self, model: int) -> int:
        """Return how many of them every condition admits."""
        return int(self._survivors[model])

    def sieves(self, model: int) -> tuple[FunnelStage, ...]:
        """Return the funnel of one model, condition by condition."""
        return tuple(
            FunnelStage(
                label,
                kind,
                given=int(self._given[n][model]),
                removed=int(self._removed[n][model]),
                unknown=int(self._unknown[n][model]),
                left=int(self._given[n][model] - self._removed[n][model]),
                waived=int(self._waived[n][model]),
            )
            for n, (label, kind) in enumerate(self._labels)
        )

    def __attrs_post_init__(self) -> None:
        """Start every count at zero."""
        self._candidates = np.zeros(self.models, np.int64)
        self._survivors = np.zeros(self.models, np.int64)

    def _begin(self, verdicts: Sequence[Verdict]) -> None:
        self._labels = [(verdict.label, verdict.strictness) for verdict in verdicts]
        for counts in (self._given, self._removed, self._unknown, self._waived):
            counts.extend(np.zeros(self.models, np.int64) for _ in verdicts)

    def _count(self, model_of: NDArray[np.intp], mask: NDArray[np.bool_]) -> Counts:
        return np.bincount(model_of[mask], minlength=self.models).astype(np.int64)
