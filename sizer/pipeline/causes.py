"""What lies behind the counts of a funnel: the facts that are missing, and how much is too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.expr.check import Policy
from sizer.pipeline.missing import missing_facts
from sizer.schema.answered.report import Overload
from sizer.schema.metrics import registry
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table
from sizer.schema.verdict import UNKNOWN, Verdict
from sizer.select import Candidates, row_of
from sizer.select.funnel import Cause
from sizer.select.overload import FIGURES, overload_of

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
NO_VALUE = "value"
_OF_LOAD = frozenset({"overloaded", "utilization"})


def read_of_causes(policy: Policy, scenario: Scenario) -> tuple[str, ...]:
    """Return the metrics that say how much is too much; none where users wait for their answers."""
    offered = any(each.request_rate is not None for each in scenario.loads)
    return ("overloaded", *FIGURES) if offered and _OF_LOAD & policy.names else ()


@frozen(eq=False)
class BlockCauses:
    """Why candidates of a block are out; conditions are numbered as `judge` orders them.

    The table has what `read_of_causes` says besides.
    """

    block: Scenario
    policy: Policy
    table: Table
    verdicts: Sequence[Verdict]
    candidates: Candidates

    def lacking(self, stage: int, unjudged: Mask) -> Mapping[Cause, Mask]:
        """Return which of some candidates lack which fact for a condition."""
        rows = self.candidates.rows_of(np.flatnonzero(unjudged))
        rows = rows[self.verdicts[stage].outcome[rows] == UNKNOWN]
        rows = rows[np.diff(self.candidates.of_rows(rows), prepend=-1) > 0]  # one row tells
        found: dict[Cause, Mask] = {}
        for fact, lacking in self._facts(stage, rows):
            for gpu in np.unique(self.block.gpu_of[lacking]):
                cause = (fact, self.block.gpus[gpu].name)
                mine = np.zeros(len(self.block), np.bool_)
                mine[lacking[self.block.gpu_of[lacking] == gpu]] = True
                mask = self.candidates.any(mine)
                found[cause] = found[cause] | mask if cause in found else mask
        return found

    def overloads(self, stage: int, removed: Mask, model_of: Rows) -> Mapping[int, Overload]:
        """Return by model what the one of some candidates lacks that comes nearest to keeping up.

        A candidate counts at the load that it carries least.
        """
        if not (_OF_LOAD & self._names(stage) and read_of_causes(self.policy, self.block)):
            return {}
        rows = self.candidates.rows_of(np.flatnonzero(removed))
        rows = rows[self.table["overloaded"].values[rows] == 1]
        rate, most, replicas, gpus, spare = (self.table[name].values[rows] for name in FIGURES)
        needed = np.floor(rate * replicas / most) + 1.0
        total = (needed + spare) * gpus / (replicas + spare)
        ranks = replicas, total, rate / most  # as `excess` has them
        candidate_of = self.candidates.of_rows(rows)
        worst = _ends(candidate_of, ranks)[1]
        of_model = model_of[candidate_of[worst]]
        nearest = worst[_ends(of_model, [each[worst] for each in ranks])[0]]
        told = (overload_of(row_of(self.table, int(rows[each]))) for each in nearest)
        return {
            int(model_of[candidate_of[each]]): lacking
            for each, lacking in zip(nearest, told, strict=True)
            if lacking is not None
        }

    def _facts(self, stage: int, rows: Rows) -> Iterator[tuple[str, Rows]]:
        """Yield the facts that are missing for a condition that is unknown of some rows."""
        told = np.zeros(len(self.block), np.bool_)
        for metric in sorted(self._names(stage)):
            unknown = rows[self.table[metric].unknown[rows]]
            for fact, lacking in missing_facts(self.block.take(unknown), metric).items():
                told[unknown[lacking]] = True
                yield fact, unknown[lacking]
        left = rows[~told[rows]]
        if len(left):
            yield NO_VALUE, left

    def _names(self, stage: int) -> frozenset[str]:
        """Return the catalogued metrics without which a condition may be unknown."""
        number = stage - len(self.policy.where)
        if number < 0:
            names = self.policy.where[stage].needs
        else:
            rule = self.policy.rules[number]
            names = rule.require.needs | (rule.when.needs if rule.when else frozenset())
        return names & registry().keys()


def _ends(group_of: Rows, ranks: Sequence[NDArray[np.float64]]) -> tuple[Rows, Rows]:
    """Return the first and the last element of each group by ranks, the last rank before others."""
    order = np.lexsort((*ranks, group_of))
    changes = np.diff(group_of[order]) > 0
    edge = np.ones(min(len(order), 1), np.bool_)
    return order[np.append(edge, changes)], order[np.append(changes, edge)]
