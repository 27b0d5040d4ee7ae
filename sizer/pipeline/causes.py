"""What lies behind the counts of a funnel: the facts that are missing, and how much is too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.estimate import estimate
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


@frozen(eq=False)
class BlockCauses:
    """Why candidates of a block are out; conditions are numbered as `judge` orders them."""

    block: Scenario
    policy: Policy
    table: Table
    verdicts: Sequence[Verdict]
    candidates: Candidates

    def lacking(self, stage: int, unjudged: Mask) -> Mapping[Cause, Mask]:
        """Return which of some candidates lack which fact for a condition."""
        rows = self.candidates.rows_of(np.flatnonzero(unjudged))
        rows = rows[self.verdicts[stage].outcome[rows] == UNKNOWN]
        found: dict[Cause, Mask] = {}
        for fact, lacking in self._facts(stage, rows):
            for gpu in np.unique(self.block.gpu_of[lacking]):
                cause = (fact, self.block.gpus[gpu].name)
                mine = np.zeros(len(self.block), np.bool_)
                mine[lacking[self.block.gpu_of[lacking] == gpu]] = True
                mask = self.candidates.any(mine)
                found[cause] = found[cause] | mask if cause in found else mask
        return found

    def overloads(self, stage: int, removed: Mask) -> Iterator[tuple[int, Overload]]:
        """Yield for each of some candidates that cannot keep up how much it lacks at its worst."""
        if not _OF_LOAD & self._names(stage):
            return
        rows = self.candidates.rows_of(np.flatnonzero(removed))
        of_row = (
            np.cumsum(self.block.listed.begins) - 1 if self.candidates.starts is not None else None
        )
        few = self.block.take(rows)
        table = estimate(few, ("overloaded", *FIGURES))
        for at in np.flatnonzero(table["overloaded"].values == 1):
            lacking = overload_of(row_of(table, int(at)))
            if lacking is not None:
                row = int(rows[at])
                yield row if of_row is None else int(of_row[row]), lacking

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
