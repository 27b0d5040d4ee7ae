"""The conditions of a policy in the smallest parts that must all hold, judged in trials."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sizer.estimate import estimate
from sizer.expr.check import CompiledRule, Policy
from sizer.expr.explain import conjuncts
from sizer.judge import judge
from sizer.judge.own_metrics import with_own_metrics
from sizer.schema.metrics import DAY
from sizer.schema.scenario import Scenario
from sizer.schema.verdict import FAILS, HOLDS, UNKNOWN

Codes = NDArray[np.int8]


@frozen(eq=False)
class Parts:
    """What admits a candidate, in parts: `where`, and rules whose level is `error`.

    Each part is one comparison wherever that can be: what rises and what falls stand apart.
    """

    policy: Policy
    names: tuple[str, ...]

    @classmethod
    def of(cls, policy: Policy) -> Parts:
        """Return the parts of a policy but for those of a whole day, which follow from a search."""
        day = _of_day(policy)
        where = tuple(
            part for each in policy.where for part in conjuncts(each) if not part.names & day
        )
        rules = tuple(part for each in policy.rules for part in _parts(each, day))
        split = evolve(policy, where=where, rules=rules, sort=())
        own = {name for each in policy.metrics.values() for name in each.names}
        return cls(split, tuple(sorted((split.names - policy.metrics.keys()) | own)))

    def codes(self, trial: Scenario) -> Codes:
        """Return how each part ends for each row, shape (parts, rows): HOLDS, FAILS or UNKNOWN.

        What is waived, or does not apply, holds.
        """
        table = with_own_metrics(self.policy, estimate(trial, self.names))
        ended = [
            np.where(each.admits, HOLDS, np.where(each.outcome == UNKNOWN, UNKNOWN, FAILS))
            for each in judge(self.policy, table)
        ]
        return np.array(ended, np.int8).reshape(len(ended), len(trial))

    @property
    def labels(self) -> tuple[str, ...]:
        """The condition that each part is of: the text of a `where`, the id of a rule."""
        policy = self.policy
        return (*(each.text for each in policy.where), *(each.rule.id for each in policy.rules))


def _parts(compiled: CompiledRule, day: frozenset[str]) -> Iterator[CompiledRule]:
    if compiled.rule.level != "error" or (compiled.when and compiled.when.names & day):
        return
    for part in conjuncts(compiled.require):
        if not part.names & day:
            yield evolve(compiled, require=part)


def _of_day(policy: Policy) -> frozenset[str]:
    """Return the metrics of a whole day, and the own ones that read them."""
    day = frozenset(metric.name for metric in DAY)
    own = (name for name, expression in policy.metrics.items() if expression.names & day)
    return day.union(own)
