"""How many candidates each condition removed: counts of some rows, that join to those of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.schema.answered.report import FunnelStage
from sizer.schema.verdict import Ended

Counts = NDArray[np.int64]


@frozen(eq=False)
class StageCounts:
    """What a condition does to the candidates that reach it; each count is by model."""

    label: str
    kind: str
    given: Counts
    removed: Counts
    unknown: Counts
    waived: Counts

    def joined(self, other: StageCounts) -> StageCounts:
        """Return the counts of both."""
        return StageCounts(
            self.label,
            self.kind,
            self.given + other.given,
            self.removed + other.removed,
            self.unknown + other.unknown,
            self.waived + other.waived,
        )

    def stage(self, model: int) -> FunnelStage:
        """Return the condition in the funnel of one model."""
        given, removed = int(self.given[model]), int(self.removed[model])
        return FunnelStage(
            self.label,
            self.kind,
            given=given,
            removed=removed,
            unknown=int(self.unknown[model]),
            left=given - removed,
            waived=int(self.waived[model]),
        )


@frozen(eq=False)
class Funnel:
    """Candidates and survivors by model, and the counts of every condition in order."""

    candidates: Counts
    survivors: Counts
    stages: tuple[StageCounts, ...] = ()

    @classmethod
    def nothing(cls, models: int) -> Funnel:
        """Return the funnel of no candidates."""
        return cls(np.zeros(models, np.int64), np.zeros(models, np.int64))

    @classmethod
    def of(cls, conditions: Sequence[Ended], model_of: NDArray[np.intp], models: int) -> Funnel:
        """Return the funnel of candidates that were judged."""

        def count(mask: NDArray[np.bool_]) -> Counts:
            return np.bincount(model_of[mask], minlength=models).astype(np.int64)

        alive, stages = np.ones(len(model_of), np.bool_), []
        candidates = count(alive)
        for each in conditions:
            out = alive & ~each.admits
            counts = map(count, (alive, out, out & each.unknown, alive & each.waived))
            stages.append(StageCounts(each.label, each.kind, *counts))
            alive = alive & ~out
        return cls(candidates, count(alive), tuple(stages))

    def joined(self, other: Funnel) -> Funnel:
        """Return the funnel of the candidates of both, which were judged by the same conditions."""
        candidates = self.candidates + other.candidates
        survivors = self.survivors + other.survivors
        if not (self.stages and other.stages):  # one of them is of nothing
            return Funnel(candidates, survivors, self.stages or other.stages)
        pairs = zip(self.stages, other.stages, strict=True)
        return Funnel(candidates, survivors, tuple(one.joined(two) for one, two in pairs))

    def of_model(self, model: int) -> tuple[FunnelStage, ...]:
        """Return the funnel of one model, condition by condition."""
        return tuple(stage.stage(model) for stage in self.stages)
