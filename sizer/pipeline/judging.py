"""A part of a scenario, estimated and judged; the best of its candidates are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import with_own_metrics
from sizer.judge.tally import Tally
from sizer.pipeline.candidate_rows import Rows, one_row_each, whole
from sizer.pipeline.causes import BlockCauses, read_of_causes
from sizer.pipeline.kept import Kept, ModelBest
from sizer.pipeline.search import sought
from sizer.schema.rows import Strips
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table
from sizer.schema.verdict import Ended, Verdict
from sizer.select import Best, Candidates, Funnel, Names, Order, tie_keys


def needed(policy: Policy) -> tuple[str, ...]:
    """Return the metrics that conditions, the order and own metrics read."""
    keys = (*policy.sort, *tie_keys(policy.sort))
    named = (*sorted(policy.names), *(key.name for key in keys))
    own = sorted(name for each in policy.metrics.values() for name in each.names)
    return tuple(dict.fromkeys((*(name for name in named if name not in policy.metrics), *own)))


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

    def _begin_of(self, row: int) -> int:
        """Return the first row of the candidate that a row is of."""
        if one_row_each(self.scenario, self.policy):
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
        judged = self._judged(self.scenario.take(part), asked)
        model_of, candidates = judged.model_of, judged.candidates
        group_of = np.zeros_like(model_of) if self.scenario.across else model_of
        mine = (np.flatnonzero(group_of == number) for number in range(self.groups))
        causes = BlockCauses(judged.block, self.policy, judged.table, judged.verdicts, candidates)
        return Kept(
            Funnel.of(judged.ended, group_of, self.groups, causes),
            Tally.of(self.policy, judged.verdicts, judged.table, candidates.any),
            tuple(judged.kept(each, self.limit) for each in mine),
        )

    def _judged(self, block: Scenario, asked: Rows) -> JudgedBlock:
        block = sought(block, self.policy, needed(self.policy))
        read = (*needed(self.policy), *read_of_causes(self.policy, block))
        table = with_own_metrics(self.policy, estimate(block, read))
        verdicts = judge(self.policy, table)
        candidates = Candidates.of(block, any_load=self.policy.any_load)
        order = Order.of(self.policy.sort, table, self.names.ranks(block))
        model_of = self.model_of[block.deployment_of[candidates.firsts]]
        return JudgedBlock(block, asked, candidates, order, table, verdicts, model_of)


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
    broken: NDArray[np.int64] = field(init=False)

    @order.default
    def _order(self) -> Order:
        return self.candidates.order(self.of_rows)

    @ended.default
    def _ended(self) -> tuple[Ended, ...]:
        return tuple(self.candidates.ended(each) for each in self.verdicts)

    @alive.default
    def _alive(self) -> NDArray[np.bool_]:
        return survive(self.ended, len(self.candidates))

    @broken.default
    def _broken(self) -> NDArray[np.int64]:
        """Return how many conditions each candidate breaks."""
        count = np.zeros(len(self.candidates), np.int64)
        for each in self.ended:
            count += ~each.admits
        return count

    def kept(self, mine: Rows, limit: int | None) -> ModelBest:
        """Return the best of a model, of each accelerator and each load, or the nearest miss."""
        living, ranks, firsts = mine[self.alive[mine]], self.order.ranks, self.candidates.firsts
        rows = self.rows[firsts]
        if len(mine) and not len(living):
            misses = Best.of((self.broken, *ranks), mine, rows, 1)
            return ModelBest(misses=misses, per_load=self.loads(mine))
        models = living if self.block.across else living[:0]
        return ModelBest(
            survivors=Best.of(ranks, living, rows, limit),
            per_gpu=Best.of_each(ranks, living, rows, self.block.gpu_of[firsts]),
            per_load=self.loads(mine),
            per_model=Best.of_each(ranks, models, rows, self.model_of),
            lead=self.order.lead(living),
        )

    def loads(self, mine: Rows) -> Best:
        """Return the best row at each load point, whether it survives at the others or not."""
        if len(self.block.loads) == 1:
            return Best()
        rows = self.candidates.rows_of(mine)
        rows = rows[survive(self.verdicts, len(self.rows))[rows]]
        return Best.of_each(self.of_rows.ranks, rows, self.rows, self.block.load_of)


def survive(conditions: Sequence[Ended | Verdict], count: int) -> NDArray[np.bool_]:
    """Return what every condition admits."""
    alive = np.ones(count, np.bool_)
    for each in conditions:
        alive &= each.admits
    return alive
