"""Candidates in blocks: estimate, judge, and keep only the rows that may still be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TypeAlias

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

from sizer.estimate import estimate, estimator_of
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import with_own_metrics
from sizer.judge.tally import Tally
from sizer.pipeline.causes import BlockCauses, read_of_causes
from sizer.pipeline.search import sought
from sizer.schema.rows import Strips
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table
from sizer.schema.verdict import Ended, Verdict
from sizer.select import (
    Candidates,
    Funnel,
    Lead,
    Names,
    Order,
    deployment_of,
    tie_keys,
    together,
)
from sizer.workers import ALONE, Chunk, Workers, run

Rows: TypeAlias = NDArray[np.intp]
Progress = Callable[[int, int], None]
MOST_CHUNKS = 256  # that a sweep is cut into, so that joining them costs nothing
LOADS = 16  # a chunk has as many rows for each load, of which it may keep one


def _none() -> Rows:
    return np.array([], np.intp)


@frozen(eq=False)
class KeptRows:
    """Rows of one model that may still be shown, in no order.

    `misses` are those that break the fewest conditions, while no row survives; `per_gpu`,
    `per_load` and `per_model` are the best of each accelerator, load point and, across models,
    model; `lead` is that of all survivors.
    """

    survivors: Rows = field(factory=_none)
    misses: Rows = field(factory=_none)
    per_gpu: Rows = field(factory=_none)
    per_load: Rows = field(factory=_none)
    per_model: Rows = field(factory=_none)
    lead: Lead = Lead()

    def __len__(self) -> int:
        """Return how many rows are kept."""
        parts = self.survivors, self.misses, self.per_gpu, self.per_load, self.per_model
        return sum(map(len, parts))

    def joined(self, other: KeptRows) -> KeptRows:
        """Return the rows of both."""
        return KeptRows(
            np.concatenate((self.survivors, other.survivors)),
            np.concatenate((self.misses, other.misses)),
            np.concatenate((self.per_gpu, other.per_gpu)),
            np.concatenate((self.per_load, other.per_load)),
            np.concatenate((self.per_model, other.per_model)),
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

    def __len__(self) -> int:
        """Return how many rows are kept."""
        return sum(map(len, self.models))

    def joined(self, other: Kept) -> Kept:
        """Return what is known of the rows of both."""
        return Kept(
            self.funnel.joined(other.funnel),
            self.tally.joined(other.tally),
            tuple(one.joined(two) for one, two in zip(self.models, other.models, strict=True)),
        )


def needed(policy: Policy) -> tuple[str, ...]:
    """Return the metrics that conditions, the order and own metrics read."""
    keys = (*policy.sort, *tie_keys(policy.sort))
    named = (*sorted(policy.names), *(key.name for key in keys))
    own = sorted(name for each in policy.metrics.values() for name in each.names)
    return tuple(dict.fromkeys((*(name for name in named if name not in policy.metrics), *own)))


def sift(
    scenario: Scenario,
    policy: Policy,
    models: Sequence[str],
    limit: int | None,
    progress: Progress,
    workers: Workers = ALONE,
) -> Kept:
    """Judge every candidate; memory is bounded by a block and by what is kept.

    Who does it, and in which chunks, changes nothing. Raises Problem as `sizer.workers.run` does.
    """
    judging = Judging.of(scenario, policy.without_places, models, limit)
    chunks = [*judging.parts(chunk_rows(scenario))]
    by = evolve(workers, engine=workers.engine if len(chunks) > 1 else ALONE.engine)
    keeping, done = Keeping(judging), 0
    with closing(run(judging.sifted, chunks, by)) as sifted:
        for chunk, found in sifted:
            keeping.join(found)
            done += chunk.work.stop - chunk.work.start
            progress(done, len(scenario))
    return keeping.kept


def chunk_rows(scenario: Scenario) -> int:
    """Return how many rows are judged at a time by one worker, whoever the workers are."""
    used = estimator_of(scenario)
    least = used.chunk_blocks * used.block_rows
    return max(least, LOADS * len(scenario.loads), len(scenario) // MOST_CHUNKS)


@frozen(eq=False)
class Judging:
    """A scenario and what judges it; `limit` candidates of each model, or two, are kept of a part.

    Rows of a candidate follow each other in `scenario`; where they do not in what was `asked`,
    `rows` are their places there. `model_of` numbers the model of each deployment.
    """

    asked: Scenario
    scenario: Scenario
    rows: Rows | None
    policy: Policy
    models: int
    limit: int | None
    model_of: Rows
    names: Names

    @classmethod
    def of(
        cls, asked: Scenario, policy: Policy, models: Sequence[str], limit: int | None
    ) -> Judging:
        """Return what judges the candidates of these models."""
        numbers = {name: number for number, name in enumerate(models)}
        model_of = np.array([numbers[d.model.name] for d in asked.deployments], np.intp)
        kept = None if limit is None else max(limit, 2)  # the second says what put the first first
        judges = policy, len(models), kept, model_of, Names.of(asked)
        if isinstance(asked.rows, Strips):
            return cls(asked, asked, None, *judges)
        rows = whole(asked, np.arange(len(asked)), policy)
        return cls(asked, asked.take(rows), rows, *judges)

    @property
    def groups(self) -> int:
        """How many choices there are."""
        return 1 if self.scenario.across else self.models

    def parts(self, size: int, of: slice | None = None) -> Iterator[slice]:
        """Yield all rows, up to `size` at a time, and more only where a candidate has more.

        With `of` they are those of a part.
        """
        begin, count = (0, len(self.scenario)) if of is None else (of.start, of.stop)
        while begin < count:
            end = begin + size
            while end < count and self._begin_of(end) == begin:
                end += size
            end = self._begin_of(end) if end < count else count
            yield slice(begin, end)
            begin = end

    def sifted(self, chunk: Chunk[slice]) -> Kept:
        """Return what is known of a part, worked out a block at a time."""
        keeping = Keeping(self)
        for block in self.parts(keeping.size, chunk.work):
            keeping.join(self.kept(block))
        return keeping.kept

    def _begin_of(self, row: int) -> int:
        """Return the first row of the candidate that a row is of."""
        if self.policy.any_load or len(self.scenario.loads) == 1:
            return row
        return self.scenario.rows.begin_of(row)

    def _asked(self, part: slice) -> Rows:
        """Return where the rows of a part stood in the scenario that was asked about."""
        return np.arange(part.start, part.stop) if self.rows is None else self.rows[part]

    def kept(self, part: slice) -> Kept:
        """Return what is known of some rows; all rows of a candidate must be among them."""
        asked = self._asked(part)
        if not len(asked):
            return Kept.nothing(self.groups)
        judged = self._judged(self.scenario.take(part), asked, any_load=self.policy.any_load)
        model_of, candidates = judged.model_of, judged.candidates
        group_of = np.zeros_like(model_of) if self.scenario.across else model_of
        mine = (np.flatnonzero(group_of == number) for number in range(self.groups))
        causes = BlockCauses(judged.block, self.policy, judged.table, judged.verdicts, candidates)
        return Kept(
            Funnel.of(judged.ended, group_of, self.groups, causes),
            Tally.of(self.policy, judged.verdicts, judged.table, candidates.any),
            tuple(judged.kept(each, self.limit) for each in mine),
        )

    def pruned(self, kept: Kept) -> Kept:
        """Return the same without the rows that others have overtaken."""
        return evolve(kept, models=tuple(map(self._pruned, kept.models)))

    def _pruned(self, kept: KeptRows) -> KeptRows:
        wholes = (kept.survivors, kept.per_gpu, kept.per_model)
        rows = np.unique(np.concatenate(wholes if len(kept.survivors) else (kept.misses,)))
        best, per_load = kept, kept.per_load
        if len(rows):
            rows = whole(self.asked, rows, self.policy)
            judged = self._judged(self.asked.take(rows), rows, any_load=self.policy.any_load)
            best = judged.kept(np.arange(len(judged.candidates)), self.limit)
        if len(per_load):
            judged = self._judged(self.asked.take(per_load), per_load, any_load=True)
            per_load = judged.loads(np.arange(len(per_load)))
        return evolve(best, per_load=per_load, lead=kept.lead)

    def _judged(self, block: Scenario, asked: Rows, *, any_load: bool) -> JudgedBlock:
        block = sought(block, self.policy, needed(self.policy))
        read = (*needed(self.policy), *read_of_causes(self.policy, block))
        table = with_own_metrics(self.policy, estimate(block, read))
        verdicts = judge(self.policy, table)
        candidates = Candidates.of(block, any_load=any_load)
        order = Order.of(self.policy.sort, table, self.names.ranks(block))
        model_of = self.model_of[block.deployment_of[candidates.firsts]]
        return JudgedBlock(block, asked, candidates, order, table, verdicts, model_of)


@define(eq=False)
class Keeping:
    """What is known of the parts that were judged so far, seldom more than twice what matters."""

    judging: Judging
    kept: Kept = field(init=False)
    size: int = field(init=False)
    most: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with nothing."""
        self.kept = Kept.nothing(self.judging.groups)
        self.size = self.most = estimator_of(self.judging.scenario).block_rows

    def join(self, other: Kept) -> None:
        """Add what is known of another part, and leave out what others have overtaken."""
        self.kept = self.kept.joined(other)
        if len(self.kept) > self.most:
            self.kept = self.judging.pruned(self.kept)
            self.most = max(self.size, 2 * len(self.kept))


def whole(scenario: Scenario, rows: Rows, policy: Policy) -> Rows:
    """Return rows so that those of a candidate follow each other."""
    if policy.any_load or len(scenario.loads) == 1:
        return rows
    if isinstance(scenario.rows, Strips):
        return np.sort(rows)
    return rows[together(deployment_of(scenario)[rows])]


@frozen(eq=False)
class JudgedBlock:
    """A block with its candidates; `rows` are its rows in the scenario, `of_rows` their order.

    `model_of` numbers the model of each candidate.
    """

    block: Scenario
    rows: Rows
    candidates: Candidates
    of_rows: Order
    table: Table
    verdicts: Sequence[Verdict]
    model_of: Rows
    order: Order = field(init=False)
    ended: tuple[Ended, ...] = field(init=False)
    alive: NDArray[np.bool_] = field(init=False)

    @order.default
    def _order(self) -> Order:
        return self.candidates.order(self.of_rows)

    @ended.default
    def _ended(self) -> tuple[Ended, ...]:
        return tuple(self.candidates.ended(each) for each in self.verdicts)

    @alive.default
    def _alive(self) -> NDArray[np.bool_]:
        return survive(self.ended, len(self.candidates))

    def kept(self, mine: Rows, limit: int | None) -> KeptRows:
        """Return the best of a model, the best of each accelerator and load, or the misses."""
        living, best = mine[self.alive[mine]], self.order
        if len(mine) and not len(living):
            nearest = fewest_broken(mine, self.ended)
            return KeptRows(misses=self._rows(best.best(nearest, 1)), per_load=self.loads(mine))
        gpus = self.block.gpu_of[self.candidates.firsts[living]]
        models = living if self.block.across else living[:0]
        return KeptRows(
            survivors=self._rows(best.best(living, limit)),
            per_gpu=self._rows(best.best_of_each(living, gpus)),
            per_load=self.loads(mine),
            per_model=self._rows(best.best_of_each(models, self.model_of[models])),
            lead=best.lead(living),
        )

    def _rows(self, candidates: Rows) -> Rows:
        return self.rows[self.candidates.rows_of(candidates)]

    def loads(self, mine: Rows) -> Rows:
        """Return the best row at each load point, whether it survives at the others or not."""
        if len(self.block.loads) == 1:
            return mine[:0]
        rows = self.candidates.rows_of(mine)
        rows = rows[survive(self.verdicts, len(self.rows))[rows]]
        return self.rows[self.of_rows.best_of_each(rows, self.block.load_of[rows])]


def survive(conditions: Sequence[Ended | Verdict], count: int) -> NDArray[np.bool_]:
    """Return what every condition admits."""
    alive = np.ones(count, np.bool_)
    for each in conditions:
        alive &= each.admits
    return alive


def fewest_broken(candidates: Rows, conditions: Sequence[Ended]) -> Rows:
    """Return those of some candidates that break the fewest conditions."""
    broken = np.zeros(len(candidates), np.int64)
    for each in conditions:
        broken += ~each.admits[candidates]
    nearest: Rows = candidates[broken == broken.min()]
    return nearest
