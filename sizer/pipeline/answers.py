"""What is said of each model: every metric of the few rows that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.pipeline.blocks import Kept, KeptRows, Rows, fewest_broken, needed
from sizer.pipeline.missing import missing_facts
from sizer.schema.answered.report import (
    Answer,
    AtLoad,
    Choice,
    Missing,
    NearMiss,
    Reasoning,
    Unproposed,
)
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Indices, Scenario
from sizer.schema.table import Table
from sizer.schema.verdict import Verdict
from sizer.select import (
    Lead,
    Order,
    candidate_id,
    choice,
    identity,
    load_name,
    near_miss,
    reasoning,
    row_of,
)

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
        few = Judged.of(self.scenario.take(kept.survivors), self.policy)
        ordered = few.ordered if kept.lead.is_known else few.ordered[:0]
        chosen = [few.choice(int(row)) for row in ordered[: self.limit]]
        best = self._best_of_each(kept.per_gpu, self.scenario.gpu_of)
        survivors = int(funnel.survivors[number])
        return Answer(
            model=name,
            candidates=int(funnel.candidates[number]),
            survivors=survivors,
            chosen=chosen[0] if chosen else None,
            reasoning=few.reasoning(kept.lead) if chosen else None,
            others=tuple(chosen[1:]),
            funnel=funnel.of_model(number),
            near_miss=None if survivors else self._near_miss(kept.misses),
            per_gpu=tuple(best.values()),
            unproposed=self.unproposed[number] if self.unproposed else (),
            per_load=tuple(self._at_loads(kept.per_load)),
            unranked=kept.lead.unranked,
            missing=tuple(self._missing(kept)) if kept.lead.unranked else (),
        )

    def _missing(self, kept: KeptRows) -> Iterator[Missing]:
        """Yield what leaves the first key of the sort unknown, by the best of each accelerator."""
        few, gpus = self.scenario.take(kept.per_gpu), self.scenario.gpu_of[kept.per_gpu]
        for fact, rows in missing_facts(few, self.policy.sort[0].name).items():
            found = sorted({int(gpu) for gpu in gpus[rows]})
            yield Missing(fact, tuple(self.scenario.gpus[gpu].name for gpu in found))

    def _at_loads(self, rows: Rows) -> Iterator[AtLoad]:
        """Yield the best of each load point, where there are several and any candidate survives."""
        best = self._best_of_each(rows, self.scenario.load_of)
        for number, load in enumerate(self.scenario.loads if best else ()):
            yield AtLoad(load_name(load), best.get(number))

    def _best_of_each(self, rows: Rows, axis: Indices) -> dict[int, Choice]:
        """Return the best choice at each index of an axis, the best of all first."""
        few = Judged.of(self.scenario.take(rows), self.policy)
        groups = axis[rows]
        best = few.order.best(few.order.best_of_each(np.arange(len(rows)), groups), None)
        return {int(groups[row]): few.choice(int(row)) for row in best}

    def _near_miss(self, rows: Rows) -> NearMiss | None:
        if not len(rows):
            return None
        row = nearest(self.scenario, rows, self.policy)
        return Judged.of(self.scenario.take(np.array([row])), self.policy).near_miss(0)


@frozen(eq=False)
class Judged:
    """A few candidates with every metric, their verdicts and their order."""

    few: Scenario
    policy: Policy
    table: Table
    verdicts: Sequence[Verdict]
    order: Order

    @classmethod
    def of(cls, few: Scenario, policy: Policy) -> Judged:
        """Estimate and judge candidates."""
        table = estimate(few, EVERYTHING)
        order = Order.of(policy.sort, table, identity(few))
        return cls(few, policy, table, judge(policy, table), order)

    @property
    def ordered(self) -> Rows:
        """All of them, best first."""
        return self.order.best(np.arange(len(self.few)), None)

    def reasoning(self, lead: Lead) -> Reasoning:
        """Return what put the first before the others, of which the best two are here."""
        first, *second = map(int, self.ordered[:2])
        parted = self.order.parting(first, second[0]) if lead.count > 1 else None
        return reasoning(row_of(self.table, first), self.policy.sort, lead.count - 1, parted)

    def choice(self, row: int) -> Choice:
        """Return a candidate as it is shown."""
        name, metrics = candidate_id(self.few, row), row_of(self.table, row)
        return choice(name, metrics, self.policy, self.verdicts, row)

    def near_miss(self, row: int) -> NearMiss:
        """Return what keeps a candidate out."""
        name, metrics = candidate_id(self.few, row), row_of(self.table, row)
        return near_miss(name, metrics, self.policy, self.verdicts, row)


def nearest(scenario: Scenario, rows: Rows, policy: Policy) -> int:
    """Return the row that breaks the fewest conditions, the best of several."""
    few = scenario.take(rows)
    table = estimate(few, needed(policy))
    least = fewest_broken(np.arange(len(few)), judge(policy, table))
    return int(rows[Order.of(policy.sort, table, identity(few)).best(least, 1)[0]])
