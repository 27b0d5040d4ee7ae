"""What is said of each model: every metric of the few rows that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from attrs import frozen

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.pipeline.blocks import Kept, Rows, fewest_broken, needed
from sizer.schema.answered.report import Answer, AtLoad, Choice, NearMiss, Unproposed
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Scenario
from sizer.select import (
    best,
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
        possible = self.kept.funnel.candidates(number)
        survivors = self.kept.funnel.survivors(number)
        chosen = self._choices(self.kept.survivors[number], self.limit)
        by_gpu = first_of_each_gpu(self._choices(self.kept.per_gpu[number], None))
        return Answer(
            model=name,
            candidates=possible,
            survivors=survivors,
            chosen=chosen[0] if chosen else None,
            reasoning=self._reasoning(chosen, survivors, possible),
            others=tuple(chosen[1:]),
            funnel=self.kept.funnel.sieves(number),
            near_miss=None if chosen else self._near_miss(self.kept.misses[number]),
            per_gpu=tuple(by_gpu),
            unproposed=self.unproposed[number] if self.unproposed else (),
            per_load=tuple(self._at_loads(self.kept.per_load[number])),
        )

    def _at_loads(self, rows: list[Rows]) -> Iterator[AtLoad]:
        """Yield the best of each load point, where there are several and any candidate survives."""
        ordered = self._choices(rows, None)
        for name in map(load_name, self.scenario.loads) if ordered else ():
            mine = (each for each in ordered if each.candidate.endswith(f" {name}"))
            yield AtLoad(name, next(mine, None))

    def _reasoning(self, chosen: list[Choice], survivors: int, possible: int) -> str:
        if chosen:
            return reasoning(chosen[0], self.policy.sort, survivors, possible)
        if not possible:
            return "no accelerator of the fleet takes this model in any split and format asked for"
        return f"none of {possible:,} candidates survives the conditions"

    def _choices(self, rows: list[Rows], limit: int | None) -> list[Choice]:
        if not rows:
            return []
        few = self.scenario.take(np.concatenate(rows))
        table = estimate(few, EVERYTHING)
        ordered = best(np.arange(len(few)), self.policy.sort, table, identity(few), limit)
        verdicts = judge(self.policy, table)
        return [
            choice(candidate_id(few, row), row_of(table, row), self.policy, verdicts, row)
            for row in map(int, ordered)
        ]

    def _near_miss(self, rows: list[Rows]) -> NearMiss | None:
        if not rows:
            return None
        row = nearest(self.scenario, np.concatenate(rows), self.policy)
        few = self.scenario.take(np.array([row]))
        table = estimate(few, EVERYTHING)
        verdicts = judge(self.policy, table)
        return near_miss(candidate_id(few, 0), row_of(table, 0), self.policy, verdicts, 0)


def nearest(scenario: Scenario, rows: Rows, policy: Policy) -> int:
    """Return the row that breaks the fewest conditions, the best of several."""
    few = scenario.take(rows)
    table = estimate(few, needed(policy))
    least = fewest_broken(np.arange(len(few)), judge(policy, table))
    return int(rows[best(least, policy.sort, table, identity(few), 1)[0]])


def first_of_each_gpu(choices: Iterable[Choice]) -> list[Choice]:
    """Return the first choice of each accelerator."""
    first: dict[object, Choice] = {}
    for each in choices:
        first.setdefault(each.metrics["gpu"], each)
    return list(first.values())
