"""What is said of each model: every metric of the few rows that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from attrs import evolve, frozen

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import with_own_metrics
from sizer.pipeline.candidate_rows import Rows, at_every_load, whole
from sizer.pipeline.judging import needed
from sizer.pipeline.kept import Kept, ModelBest
from sizer.pipeline.missing import missing_facts
from sizer.pipeline.purchases import bought
from sizer.pipeline.search import day_of, sought, stopped_by
from sizer.pipeline.shortfall import enough_replicas
from sizer.schema.answered.report import (
    Answer,
    AtLoad,
    AtModel,
    Choice,
    Missing,
    NearMiss,
    Reasoning,
    Unproposed,
)
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Scenario
from sizer.schema.series import Series
from sizer.select import Best, Judged, load_name

EVERYTHING = tuple(metric.name for metric in METRICS)
BLOCK_ROWS = 4096  # that are estimated at a time where every metric is shown


@frozen(eq=False)
class Answers:
    """Makes the answer of a model from the rows that were kept."""

    scenario: Scenario
    policy: Policy
    kept: Kept
    limit: int | None
    unproposed: Sequence[tuple[Unproposed, ...]] = ()

    def of(self, number: int, name: str) -> Answer:
        """Return the answer of a model."""
        funnel, kept = self.kept.funnel, self.kept.models[number]
        survivors, chosen = int(funnel.survivors[number]), self._listed(kept)
        return Answer(
            model=name,
            candidates=int(funnel.candidates[number]),
            survivors=survivors,
            chosen=chosen[0] if chosen else None,
            reasoning=self._reasoning(kept) if chosen else None,
            others=tuple(chosen[1:]),
            funnel=funnel.of_model(number),
            near_miss=None if survivors else self._near_miss(kept.misses),
            per_gpu=tuple(self._choices(kept.per_gpu.ordered)),
            unproposed=self.unproposed[number] if self.unproposed else (),
            per_load=self._at_loads(kept.per_load),
            unranked=kept.lead.unranked,
            missing=tuple(self._missing(kept)) if kept.lead.unranked else (),
            loads=1 if self.policy.any_load else len(self.scenario.loads),
        )

    def per_model(self, models: Sequence[str]) -> tuple[AtModel, ...]:
        """Return the best of each model by the order of all, and those without one behind."""
        known = (each for each in self.kept.models if each.lead.chooses(self.policy))
        kept = (each.per_model if self.scenario.across else each.survivors.first for each in known)
        best = Best().joined(*(evolve(each, limit=None) for each in kept))
        choices = self._choices(best.ordered, evolve(self.scenario, across=True))
        found = [AtModel(str(each.metrics["model"]), each) for each in choices]
        met = {each.model for each in found}
        return (*found, *(AtModel(name, None) for name in models if name not in met))

    def _listed(self, kept: ModelBest) -> list[Choice]:
        """Return the candidates that are listed, the chosen one first; none where none may be."""
        if not kept.lead.chooses(self.policy):
            return []
        return [*self._choices(kept.survivors.ordered[: self.limit])]

    def _choices(self, firsts: Rows, scenario: Scenario | None = None) -> Iterator[Choice]:
        """Yield candidates, in order, as they are shown; so many are estimated as fill a block."""
        at_a_time = max(BLOCK_ROWS // len(self.scenario.loads), 1)
        for begin in range(0, len(firsts), at_a_time):
            few = self._judged(firsts[begin : begin + at_a_time], scenario)
            yield from (_choice(few, each) for each in few.ordered)

    def _reasoning(self, kept: ModelBest) -> Reasoning:
        rows = at_every_load(self.scenario, kept.survivors.ordered[:2], self.policy)
        few = judged(self.scenario, rows, self.policy, names=needed(self.policy))
        return few.reasoning(kept.lead)

    def _judged(self, firsts: Rows, scenario: Scenario | None = None) -> Judged:
        rows = at_every_load(self.scenario, firsts, self.policy)
        return judged(scenario or self.scenario, rows, self.policy)

    def _missing(self, kept: ModelBest) -> Iterator[Missing]:
        """Yield what leaves the first key of the sort unknown, by the best of each accelerator."""
        rows = at_every_load(self.scenario, kept.per_gpu.rows, self.policy)
        few = sought(self.scenario.take(rows), self.policy)
        gpus = few.gpu_of
        first = self.policy.sort[0].name
        own = self.policy.metrics.get(first)
        lacking: dict[str, set[int]] = {}
        for metric in (first,) if own is None else sorted(own.names):
            for fact, rows in missing_facts(few, metric).items():
                lacking.setdefault(fact, set()).update(map(int, gpus[rows]))
        for fact, found in lacking.items():
            yield Missing(fact, tuple(self.scenario.gpus[gpu].name for gpu in sorted(found)))

    def _at_loads(self, best: Best) -> Sequence[AtLoad]:
        """Return the best of each of several load points; none where no candidate survives."""
        if not len(best):
            return ()
        row_at = np.full(len(self.scenario.loads), -1)
        row_at[best.groups] = best.rows
        return Series(len(row_at), partial(self._at_some_loads, row_at))

    def _at_some_loads(self, row_at: Rows, numbers: range) -> Sequence[AtLoad]:
        """Return the best of some load points, which `row_at` has by the load's number, or -1."""
        rows = row_at[numbers.start : numbers.stop : numbers.step]
        found = np.flatnonzero(rows >= 0)
        few = judged(self.scenario, rows[found], self.policy, any_load=True)
        best = {int(at): _choice(few, number) for number, at in enumerate(found)}
        return [
            AtLoad(load_name(self.scenario.loads[number]), best.get(at))
            for at, number in enumerate(numbers)
        ]

    def _near_miss(self, nearest: Best) -> NearMiss | None:
        if not len(nearest):
            return None
        few = self._judged(nearest.rows)
        miss, row = few.near_miss(0), np.array([few.deciding(0)])
        if miss.overload is None:
            return miss
        return evolve(miss, overload=enough_replicas(few.few.take(row), miss.overload))


def _choice(few: Judged, candidate: int) -> Choice:
    """Return a candidate with what its cost pays for, and what ended a search for it."""
    row, rows = int(few.candidates.firsts[candidate]), few.candidates.rows_of(np.array([candidate]))
    whole_rows = few.few.take(rows)
    return evolve(
        few.choice(candidate),
        bought=bought(few.few, row),
        stopped_by=stopped_by(whole_rows, few.policy),
        day=day_of(whole_rows, few.policy),
    )


def judged(
    scenario: Scenario,
    rows: Rows,
    policy: Policy,
    *,
    any_load: bool | None = None,
    names: tuple[str, ...] = EVERYTHING,
) -> Judged:
    """Estimate and judge a few rows; each is a candidate with `any_load`, if the policy has not."""
    whole_rows = rows if any_load else whole(scenario, rows, policy)
    few = sought(scenario.take(whole_rows), policy)
    table = with_own_metrics(policy, estimate(few, names))
    at_any = policy.any_load if any_load is None else any_load
    return Judged.of(few, policy, table, judge(policy, table), any_load=at_any)
