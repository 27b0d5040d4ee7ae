"""Candidates in blocks: estimate, judge, and keep only the rows that may still be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.tally import Tally
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table
from sizer.schema.verdict import Verdict
from sizer.select import Funnel, best, identity

BLOCK = 262_144
Rows = NDArray[np.intp]
Progress = Callable[[int, int], None]


@frozen(eq=False)
class Kept:
    """Rows that may still be shown, in lists by model, and the counts of all and of waivers."""

    funnel: Funnel
    tally: Tally
    survivors: tuple[list[Rows], ...]
    misses: tuple[list[Rows], ...]
    per_gpu: tuple[list[Rows], ...]
    per_load: tuple[list[Rows], ...]


def needed(policy: Policy) -> tuple[str, ...]:
    """Return the metrics that conditions and the sort read."""
    return tuple(dict.fromkeys((*sorted(policy.names), *(key.name for key in policy.sort))))


def sift(
    scenario: Scenario,
    policy: Policy,
    models: Sequence[str],
    limit: int | None,
    progress: Progress,
) -> Kept:
    """Judge every candidate; memory is bounded by a block and by what is kept."""
    kept = Kept(Funnel(len(models)), Tally(policy), *(_lists(models) for _ in range(4)))
    numbers = {name: number for number, name in enumerate(models)}
    model_of = np.array([numbers[d.model.name] for d in scenario.deployments], np.intp)
    for start in range(0, len(scenario), BLOCK):
        block = scenario.take(slice(start, start + BLOCK))
        table = estimate(block, needed(policy))
        verdicts = judge(policy, table)
        kept.tally.add(verdicts, table)
        mine = model_of[block.deployment_of]
        alive = kept.funnel.add(verdicts, mine)
        sifted = JudgedBlock(block, table, policy, identity(block), start)
        for number in range(len(models)):
            of_model = np.flatnonzero(mine == number)
            if len(of_model):
                sifted.keep(kept, number, of_model, alive, verdicts, limit)
        progress(start + len(block), len(scenario))
    return kept


def _lists(models: Sequence[str]) -> tuple[list[Rows], ...]:
    return tuple([] for _ in models)


@frozen(eq=False)
class JudgedBlock:
    """One block that was judged; `start` is its first row in the scenario."""

    block: Scenario
    table: Table
    policy: Policy
    ties: tuple[NDArray[np.int32], ...]
    start: int

    def keep(
        self,
        kept: Kept,
        model: int,
        rows: Rows,
        alive: NDArray[np.bool_],
        verdicts: Sequence[Verdict],
        limit: int | None,
    ) -> None:
        """Keep a model's best rows, the best of each accelerator and load, or nearest misses."""
        living = rows[alive[rows]]
        if not len(living):
            kept.misses[model].append(self._first(fewest_broken(rows, verdicts), 1))
            return
        kept.survivors[model].append(self._first(living, limit))
        kept.per_gpu[model].extend(self._best_of_each(living, self.block.gpu_of[living]))
        if len(self.block.loads) > 1:
            kept.per_load[model].extend(self._best_of_each(living, self.block.load_of[living]))

    def _best_of_each(self, rows: Rows, groups: NDArray[np.int32]) -> Iterator[Rows]:
        for group in np.flatnonzero(np.bincount(groups)):
            yield self._first(rows[groups == group], 1)

    def _first(self, rows: Rows, limit: int | None) -> Rows:
        return best(rows, self.policy.sort, self.table, self.ties, limit) + self.start


def fewest_broken(rows: Rows, verdicts: Sequence[Verdict]) -> Rows:
    """Return those of some rows that break the fewest conditions."""
    broken = np.zeros(len(rows), np.int64)
    for verdict in verdicts:
        broken += ~verdict.admits[rows]
    nearest: Rows = rows[broken == broken.min()]
    return nearest
