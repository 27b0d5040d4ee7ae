"""How many candidates each condition removed: counts of some rows, that join to those of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.schema.answered.report import FunnelStage, Lacking, Overload
from sizer.schema.verdict import Ended
from sizer.select.overload import excess

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Cause: TypeAlias = tuple[str, str]  # a fact that is missing, and the accelerator without it


class Causes(Protocol):
    """Says why candidates are out by a condition, which it knows by its number."""

    def lacking(self, stage: int, unjudged: Mask) -> Mapping[Cause, Mask]:
        """Return which of some candidates lack which fact for a condition."""
        ...

    def overloads(
        self, stage: int, removed: Mask, model_of: NDArray[np.intp]
    ) -> Mapping[int, Overload]:
        """Return by model what the one of some candidates lacks that comes nearest to keeping up.

        A candidate counts at the load that it carries least.
        """
        ...


@frozen(eq=False)
class StageCounts:
    """What a condition does to the candidates that reach it; each count is by model.

    `overloads` has, for each model, what the candidate lacks that comes nearest to keeping up.
    """

    label: str
    kind: str
    given: Counts
    removed: Counts
    unknown: Counts
    waived: Counts
    lacking: Mapping[Cause, Counts]
    overloads: tuple[Overload | None, ...]

    def joined(self, other: StageCounts) -> StageCounts:
        """Return the counts of both."""
        return StageCounts(
            self.label,
            self.kind,
            self.given + other.given,
            self.removed + other.removed,
            self.unknown + other.unknown,
            self.waived + other.waived,
            _added(self.lacking, other.lacking),
            tuple(map(_nearest, zip(self.overloads, other.overloads, strict=True))),
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
            lacking=tuple(self._lacking(model)),
            overload=self.overloads[model],
        )

    def _lacking(self, model: int) -> Iterator[Lacking]:
        """Yield what is missing for candidates of one model, the most frequent first."""
        found = [(int(counts[model]), cause) for cause, counts in self.lacking.items()]
        for count, (fact, gpu) in sorted(found, key=lambda each: (-each[0], each[1])):
            if count:
                yield Lacking(fact, gpu, count)


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
    def of(
        cls,
        conditions: Sequence[Ended],
        model_of: NDArray[np.intp],
        models: int,
        causes: Causes,
    ) -> Funnel:
        """Return the funnel of candidates that were judged."""

        def count(mask: NDArray[np.bool_]) -> Counts:
            return np.bincount(model_of[mask], minlength=models).astype(np.int64)

        alive, stages = np.ones(len(model_of), np.bool_), []
        candidates = count(alive)
        for number, each in enumerate(conditions):
            out = alive & ~each.admits
            unjudged = out & each.unknown
            lacking = causes.lacking(number, unjudged) if unjudged.any() else {}
            over = causes.overloads(number, out, model_of) if out.any() else {}
            stages.append(
                StageCounts(
                    each.label,
                    each.kind,
                    given=count(alive),
                    removed=count(out),
                    unknown=count(unjudged),
                    waived=count(alive & each.waived),
                    lacking={cause: count(mask) for cause, mask in lacking.items()},
                    overloads=tuple(map(over.get, range(models))),
                )
            )
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


def _added(one: Mapping[Cause, Counts], two: Mapping[Cause, Counts]) -> Mapping[Cause, Counts]:
    return {
        cause: one[cause] + two[cause] if cause in one and cause in two else counts
        for cause, counts in {**two, **one}.items()
    }


def _nearest(found: Iterable[Overload | None]) -> Overload | None:
    """Return of several what lacks least to keep up, with the fewest accelerators then."""
    return min(filter(None, found), key=excess, default=None)
