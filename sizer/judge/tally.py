"""How many candidates each waiver is for, and for how many it changes anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.expr.check import Policy
from sizer.judge.waivers import matched
from sizer.schema.table import Table
from sizer.schema.verdict import FAILS, Verdict

Counts = dict[int, int]
Mask = NDArray[np.bool_]
Some = Callable[[Mask], Mask]


@frozen
class Tally:
    """Counts of candidates by the index of a waiver; one without any candidate has no count.

    A waiver is for a candidate at some load point, or at all: `everywhere`.
    """

    matched: Counts = field(factory=dict)
    waived: Counts = field(factory=dict)
    everywhere: Counts = field(factory=dict)

    @classmethod
    def of(
        cls,
        policy: Policy,
        verdicts: Sequence[Verdict],
        table: Table,
        some: Some = lambda rows: rows,
    ) -> Tally:
        """Return the tally of candidates that were judged.

        `some` says of which candidates a mask of rows is true for some row.
        """
        by_rule = {verdict.label: verdict for verdict in verdicts[len(policy.where) :]}
        found: tuple[dict[int, int], ...] = ({}, {}, {})
        for each in policy.waivers:
            rows = matched(each, table)
            changed = rows & (by_rule[each.waiver.rule].outcome <= FAILS)
            masks = (some(rows), some(changed), ~some(~rows))
            for counts, mask in zip(found, masks, strict=True):
                counts[each.index] = int(np.count_nonzero(mask))
        return cls(*found)

    def joined(self, other: Tally) -> Tally:
        """Return the tally of the candidates of both."""
        return Tally(
            _sum(self.matched, other.matched),
            _sum(self.waived, other.waived),
            _sum(self.everywhere, other.everywhere),
        )


def _sum(counts: Counts, others: Counts) -> Counts:
    return {index: counts.get(index, 0) + others.get(index, 0) for index in counts | others}
