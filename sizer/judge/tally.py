"""How many candidates each waiver is for, and for how many it changes anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen

from sizer.expr.check import Policy
from sizer.judge.waivers import matched
from sizer.schema.table import Table
from sizer.schema.verdict import FAILS, Verdict

Counts = Mapping[int, int]


@frozen
class Tally:
    """Counts of candidates by the index of a waiver; one without any candidate has no count."""

    matched: Counts = field(factory=dict)
    waived: Counts = field(factory=dict)

    @classmethod
    def of(cls, policy: Policy, verdicts: Sequence[Verdict], table: Table) -> Tally:
        """Return the tally of candidates that were judged."""
        by_rule = {verdict.label: verdict for verdict in verdicts[len(policy.where) :]}
        rows = {each.index: matched(each, table) for each in policy.waivers}
        changed = {
            each.index: rows[each.index] & (by_rule[each.waiver.rule].outcome <= FAILS)
            for each in policy.waivers
        }
        return cls(*(_counted(each) for each in (rows, changed)))

    def joined(self, other: Tally) -> Tally:
        """Return the tally of the candidates of both."""
        matched, waived = Counter(self.matched), Counter(self.waived)
        matched.update(other.matched)
        waived.update(other.waived)
        return Tally(dict(matched), dict(waived))


def _counted(rows: Mapping[int, np.ndarray]) -> Counts:
    return {index: int(np.count_nonzero(each)) for index, each in rows.items()}
