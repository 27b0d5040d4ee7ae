"""What is said of each model: every metric of the few rows that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import with_own_metrics
from sizer.pipeline.blocks import Kept, KeptRows, Rows, fewest_broken, needed, whole
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
    Unproposed,
)
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Scenario
from sizer.select import Candidates, Judged, Order, identity, load_name

EVERYTHING = tuple(metric.name for metric in METRICS)


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
        few, survivors = self._judged(kept.survivors), int(funnel.survivors[number])
        ordered = few.ordered if kept.lead.chooses(self.policy) else []
        chosen = [_choice(few, each) for each in ordered[: self.limit]]
        return Answer(
            model=name,
            candidates=int(funnel.candidates[number]),
            survivors=survivors,
            chosen=chosen[0] if chosen else None,
            reasoning=few.reasoning(kept.lead) if chosen else None,
            others=tuple(chosen[1:]),
            funnel=funnel.of_model(number),
            near_miss=None if survivors else self._near_miss(kept.misses),
            per_gpu=tuple(self._per_gpu(kept.per_gpu)),
            unproposed=self.unproposed[number] if self.unproposed else (),
            per_load=tuple(self._at_loads(kept.per_load)),
            unranked=kept.lead.unranked,
            missing=tuple(self._missing(kept)) if kept.lead.unranked else (),
            loads=1 if self.policy.any_load else len(self.scenario.loads),
        )

    def per_model(self, models: Sequence[str]) -> tuple[AtModel, ...]:
        """Return the best of each model by the order of all, and those without one behind."""
        known = (each for each in self.kept.models if each.lead.chooses(self.policy))
        kept = [each.per_model if self.scenario.across else each.survivors for each in known]
        rows = np.concatenate([np.array([], np.intp), *kept])
        asked = evolve(self.scenario, across=True)
        few = judged(asked, best_of_each_model(asked, rows, self.policy, models), self.policy)
        best = [_choice(few, int(each)) for each in few.ordered]
        found = [AtModel(str(each.metrics["model"]), each) for each in best]
        met = {each.model for each in found}
        return (*found, *(AtModel(name, None) for name in models if name not in met))

    def _judged(self, rows: Rows, *, any_load: bool | None = None) -> Judged:
        return judged(self.scenario, rows, self.policy, any_load=any_load)

    def _missing(self, kept: KeptRows) -> Iterator[Missing]:
        """Yield what leaves the first key of the sort unknown, by the best of each accelerator."""
        few = sought(self.scenario.take(kept.per_gpu), self.policy)
        gpus = few.gpu_of
        first = self.policy.sort[0].name
        own = self.policy.metrics.get(first)
        lacking: dict[str, set[int]] = {}
        for metric in (first,) if own is None else sorted(own.names):
            for fact, rows in missing_facts(few, metric).items():
                lacking.setdefault(fact, set()).update(map(int, gpus[rows]))
        for fact, found in lacking.items():
            yield Missing(fact, tuple(self.scenario.gpus[gpu].name for gpu in sorted(found)))

    def _at_loads(self, rows: Rows) -> Iterator[AtLoad]:
        """Yield the best of each load point, where there are several and any candidate survives."""
        few = self._judged(rows, any_load=True)
        loads = few.few.load_of
        rows = few.order.best_of_each(np.arange(len(loads)), loads)
        best = {int(loads[row]): _choice(few, int(row)) for row in rows}
        for number, load in enumerate(self.scenario.loads if best else ()):
            yield AtLoad(load_name(load), best.get(number))

    def _per_gpu(self, rows: Rows) -> Iterator[Choice]:
        """Yield the best of each accelerator, the best of all first."""
        few = self._judged(rows)
        gpus = few.few.gpu_of[few.candidates.firsts]
        best = few.order.best_of_each(np.arange(len(gpus)), gpus)
        yield from (_choice(few, int(each)) for each in few.order.best(best, None))

    def _near_miss(self, rows: Rows) -> NearMiss | None:
        if not len(rows):
            return None
        few = self._judged(nearest(self.scenario, rows, self.policy))
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
    scenario: Scenario, rows: Rows, policy: Policy, *, any_load: bool | None = None
) -> Judged:
    """Estimate and judge a few rows; each is a candidate with `any_load`, if the policy has not."""
    whole_rows = rows if any_load else whole(scenario, rows, policy)
    few = sought(scenario.take(whole_rows), policy)
    table = with_own_metrics(policy, estimate(few, EVERYTHING))
    at_any = policy.any_load if any_load is None else any_load
    return Judged.of(few, policy, table, judge(policy, table), any_load=at_any)


def nearest(scenario: Scenario, rows: Rows, policy: Policy) -> Rows:
    """Return the rows of the candidate that breaks the fewest conditions, the best of several."""
    rows = whole(scenario, rows, policy)
    few = sought(scenario.take(rows), policy, needed(policy))
    table = with_own_metrics(policy, estimate(few, needed(policy)))
    candidates = Candidates.of(few, any_load=policy.any_load)
    ended = [candidates.ended(each) for each in judge(policy, table)]
    least = fewest_broken(np.arange(len(candidates)), ended)
    order = candidates.order(Order.of(policy.sort, table, identity(few)))
    return rows[candidates.rows_of(order.best(least, 1))]


def best_of_each_model(
    scenario: Scenario, rows: Rows, policy: Policy, models: Sequence[str]
) -> Rows:
    """Return the rows of the best candidate of each model, by the metrics that decide alone."""
    rows = whole(scenario, rows, policy)
    few = sought(scenario.take(rows), policy, needed(policy))
    candidates = Candidates.of(few, any_load=policy.any_load)
    table = with_own_metrics(policy, estimate(few, needed(policy)))
    order = candidates.order(Order.of(policy.sort, table, identity(few)))
    numbers = {name: number for number, name in enumerate(models)}
    of_deployment = np.array([numbers[d.model.name] for d in few.deployments], np.intp)
    model_of = of_deployment[few.deployment_of[candidates.firsts]]
    return rows[candidates.rows_of(order.best_of_each(np.arange(len(candidates)), model_of))]
