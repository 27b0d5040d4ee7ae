"""Candidates in blocks: estimate, judge, and keep only the rows that may still be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.estimate import estimate, estimator
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.tally import Tally
from sizer.schema.scenario import Scenario
from sizer.schema.verdict import Verdict
from sizer.select import Funnel, Lead, Order, identity, tie_keys

Rows: TypeAlias = NDArray[np.intp]
Progress = Callable[[int, int], None]


def _none() -> Rows:
    return np.array([], np.intp)


@frozen(eq=False)
class KeptRows:
    """Rows of one model that may still be shown, in no order.

    `misses` are those that break the fewest conditions, while no row survives; `per_gpu` and
    `per_load` are the best of each accelerator and load point; `lead` is that of all survivors.
    """

    survivors: Rows = field(factory=_none)
    misses: Rows = field(factory=_none)
    per_gpu: Rows = field(factory=_none)
    per_load: Rows = field(factory=_none)
    lead: Lead = Lead()

    def joined(self, other: KeptRows) -> KeptRows:
        """Return the rows of both."""
        return KeptRows(
            np.concatenate((self.survivors, other.survivors)),
            np.concatenate((self.misses, other.misses)),
            np.concatenate((self.per_gpu, other.per_gpu)),
            np.concatenate((self.per_load, other.per_load)),
            self.lead.joined(other.lead),
        )


@frozen(eq=False)
class Kept:
    """What is known of the rows that were judged: rows by model, counts of all and of waivers.

    Partial results join in any order, and however the rows were split.
    """

    funnel: Funnel
    tally: Tally
    models: tuple[KeptRows, ...]

    @classmethod
    def nothing(cls, models: int) -> Kept:
        """Return what is known of no rows."""
        return cls(Funnel.nothing(models), Tally(), tuple(KeptRows() for _ in range(models)))

    def joined(self, other: Kept) -> Kept:
        """Return what is known of the rows of both."""
        return Kept(
            self.funnel.joined(other.funnel),
            self.tally.joined(other.tally),
            tuple(one.joined(two) for one, two in zip(self.models, other.models, strict=True)),
        )


def needed(policy: Policy) -> tuple[str, ...]:
    """Return the metrics that conditions and the order read."""
    keys = (*policy.sort, *tie_keys(policy.sort))
    return tuple(dict.fromkeys((*sorted(policy.names), *(key.name for key in keys))))


def sift(
    scenario: Scenario,
    policy: Policy,
    models: Sequence[str],
    limit: int | None,
    progress: Progress,
) -> Kept:
    """Judge every candidate; memory is bounded by a block and by what is kept."""
    judging = Judging.of(scenario, policy, models, limit)
    kept, size = Kept.nothing(len(models)), estimator(scenario.estimator).block_rows
    for start in range(0, len(scenario), size):
        rows = np.arange(start, min(start + size, len(scenario)))
        kept = kept.joined(judging.kept(rows))
        progress(int(rows[-1]) + 1, len(scenario))
    return kept


@frozen(eq=False)
class Judging:
    """A scenario and what judges it; `limit` rows of each model, or two, are kept of a block.

    `model_of` numbers the model of each deployment, `ties` rank every candidate by its name.
    """

    scenario: Scenario
    policy: Policy
    models: int
    limit: int | None
    model_of: Rows
    ties: tuple[NDArray[np.int32], ...]

    @classmethod
    def of(
        cls, scenario: Scenario, policy: Policy, models: Sequence[str], limit: int | None
    ) -> Judging:
        """Return what judges the candidates of these models."""
        numbers = {name: number for number, name in enumerate(models)}
        model_of = np.array([numbers[d.model.name] for d in scenario.deployments], np.intp)
        kept = None if limit is None else max(limit, 2)  # the second says what put the first first
        return cls(scenario, policy, len(models), kept, model_of, identity(scenario))

    def kept(self, rows: Rows) -> Kept:
        """Return what is known of some rows."""
        block = self.scenario.take(rows)
        table = estimate(block, needed(self.policy))
        verdicts = judge(self.policy, table)
        order = Order.of(self.policy.sort, table, [each[rows] for each in self.ties])
        judged = JudgedBlock(block, rows, order, survive(verdicts, len(rows)), verdicts)
        model_of = self.model_of[block.deployment_of]
        mine = (np.flatnonzero(model_of == number) for number in range(self.models))
        return Kept(
            Funnel.of(verdicts, model_of, self.models),
            Tally.of(self.policy, verdicts, table),
            tuple(judged.kept(each, self.limit) for each in mine),
        )


@frozen(eq=False)
class JudgedBlock:
    """A block in its order; `rows` are its rows in the scenario, `alive` says which survive."""

    block: Scenario
    rows: Rows
    order: Order
    alive: NDArray[np.bool_]
    verdicts: Sequence[Verdict]

    def kept(self, mine: Rows, limit: int | None) -> KeptRows:
        """Return the best rows of a model, the best of each accelerator and load, or the misses."""
        living = mine[self.alive[mine]]
        if len(mine) and not len(living):
            nearest = fewest_broken(mine, self.verdicts)
            return KeptRows(misses=self.rows[self.order.best(nearest, 1)])
        loads = living[:0] if len(self.block.loads) == 1 else living
        return KeptRows(
            survivors=self.rows[self.order.best(living, limit)],
            per_gpu=self.rows[self.order.best_of_each(living, self.block.gpu_of[living])],
            per_load=self.rows[self.order.best_of_each(loads, self.block.load_of[loads])],
            lead=self.order.lead(living),
        )


def survive(verdicts: Sequence[Verdict], rows: int) -> NDArray[np.bool_]:
    """Return which rows every condition admits."""
    alive = np.ones(rows, np.bool_)
    for verdict in verdicts:
        alive &= verdict.admits
    return alive


def fewest_broken(rows: Rows, verdicts: Sequence[Verdict]) -> Rows:
    """Return those of some rows that break the fewest conditions."""
    broken = np.zeros(len(rows), np.int64)
    for verdict in verdicts:
        broken += ~verdict.admits[rows]
    nearest: Rows = rows[broken == broken.min()]
    return nearest
