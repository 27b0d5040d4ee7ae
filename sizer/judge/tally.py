"""How many candidates each waiver is for, and for how many it changes anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, field

from sizer.expr.check import CompiledWaiver, Policy
from sizer.judge.waivers import matched
from sizer.schema.table import Table
from sizer.schema.verdict import FAILS, Verdict


@define(eq=False)
class Tally:
    """Counts by waiver of a policy; `add` takes one block of candidates at a time."""

    policy: Policy
    matched: dict[int, int] = field(factory=dict, init=False)
    waived: dict[int, int] = field(factory=dict, init=False)

    def add(self, verdicts: Sequence[Verdict], table: Table) -> None:
        """Count a block."""
        by_rule = {verdict.label: verdict for verdict in verdicts[len(self.policy.where) :]}
        for waiver in self.policy.waivers:
            self._count(waiver, by_rule[waiver.waiver.rule], table)

    def _count(self, waiver: CompiledWaiver, verdict: Verdict, table: Table) -> None:
        rows = matched(waiver, table)
        changed = rows & (verdict.outcome <= FAILS)
        index = waiver.index
        self.matched[index] = self.matched.get(index, 0) + int(np.count_nonzero(rows))
        self.waived[index] = self.waived.get(index, 0) + int(np.count_nonzero(changed))
