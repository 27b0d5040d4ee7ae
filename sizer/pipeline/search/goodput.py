"""The highest request rate at which every condition holds, for each candidate of a scenario.

Rates go from what all replicas sustain down to a thousandth of it. A part of a condition that holds
at the low end and fails at the high one bounds the rate from above: the rate is halved until all
such parts hold, and then found to 0.1 % by bisection between the last two. That is exact for parts
that turn once as the rate rises. Of one that turns more often, the rate is one at which it holds
next to one at which it does not; one that fails at both ends is taken to fail between. Parts that
hold from some rate on, like a bound of costs, are judged at the rate that is found.

Every row is looked at alone, so that blocks of any size give the same rates.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.pipeline.search.parts import Codes, Parts
from sizer.schema.rows import Reals
from sizer.schema.scenario import Scenario
from sizer.schema.verdict import HOLDS, UNKNOWN

HALVINGS = 10  # from the highest rate to the lowest, a thousandth of it
BISECTIONS = 10  # of one halving: 2 ** (1 / 1024), to 0.07 %
ROUNDS = 4  # in each, parts that do not hold where others do bound the rate in turn
JUST_BELOW = 0.999  # of what is sustained: there waits are long, but they end
NO_RATE = 1e-3  # request/s at which is judged what nobody knows how much it sustains
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Wanted = Callable[[Codes, Rows], Mask]


def at_highest(scenario: Scenario, policy: Policy) -> Scenario:
    """Return a scenario each row of which has the highest rate that its conditions allow.

    Where none does, `rate_holds` is 0, and the rate is one at which a condition fails.
    """
    if not (len(scenario) and scenario.loads[0].is_highest):
        return scenario
    most = estimate(scenario, ("max_request_rate",))["max_request_rate"].values
    rates, holds = _Search(scenario, Parts.of(policy)).found(most)
    known = np.where(np.isnan(most), np.nan, holds.astype(np.float64))
    return at_rates(scenario, rates, known)


def at_rates(scenario: Scenario, rates: Reals, holds: Reals) -> Scenario:
    """Return a scenario with a rate of its own for each row, and whether every condition holds."""
    found = {"request_rate": rates, "rate_holds": holds}
    return evolve(scenario, by_row={**scenario.by_row, **found})


@frozen(eq=False)
class _Search:
    """Tries rates of the rows of a scenario."""

    scenario: Scenario
    parts: Parts

    def found(self, most: Reals) -> tuple[Reals, Mask]:
        """Return a rate for each row, and whether every part holds there."""
        rates = np.where(np.isnan(most), NO_RATE, most / 2.0**HALVINGS)
        low = self._codes(np.arange(len(most)), rates)
        holds = np.all(low == HOLDS, axis=0)
        rows = np.flatnonzero(~np.isnan(most) & np.all(low != UNKNOWN, axis=0))
        tops, high = self._tops(rows, most[rows])
        low = low[:, rows]
        hopeful = left = np.flatnonzero(~np.any((low != HOLDS) & (high != HOLDS), axis=0))
        for _ in range(ROUNDS):
            falling = (low[:, left] == HOLDS) & (high[:, left] != HOLDS)
            bounded = falling.any(axis=0)
            left, falling = left[bounded], falling[:, bounded]
            if not len(left):
                break
            wanted = _without(falling)
            tops[left], high[:, left] = self._highest(rows[left], tops[left], wanted)
        rates[rows[hopeful]] = tops[hopeful]
        holds[rows[hopeful]] = np.all(high[:, hopeful] == HOLDS, axis=0)
        return rates, holds

    def _tops(self, rows: Rows, most: Reals) -> tuple[Reals, Codes]:
        """Return the highest rate of each row at which nothing is unknown, and its codes.

        Where more arrives than is answered, latencies are.
        """
        tops, codes = most.copy(), self._codes(rows, most)
        unknown = np.flatnonzero(np.any(codes == UNKNOWN, axis=0))
        if len(unknown):
            tops[unknown] *= JUST_BELOW
            codes[:, unknown] = self._codes(rows[unknown], tops[unknown])
            unknown = np.flatnonzero(np.any(codes == UNKNOWN, axis=0))
        if len(unknown):
            tops[unknown], codes[:, unknown] = self._highest(rows[unknown], tops[unknown], _known)
        return tops, codes

    def _highest(self, rows: Rows, tops: Reals, wanted: Wanted) -> tuple[Reals, Codes]:
        """Return the highest rate of each row below its top at which codes are as `wanted`."""
        lows, highs = tops / 2.0, tops.copy()
        codes = self._codes(rows, lows)
        left = np.flatnonzero(~wanted(codes, np.arange(len(rows))))
        for _ in range(HALVINGS - 1):
            if not len(left):
                break
            highs[left] = lows[left]
            lows[left] /= 2.0
            codes[:, left] = self._codes(rows[left], lows[left])
            left = left[~wanted(codes[:, left], left)]
        for _ in range(BISECTIONS):
            middles = np.sqrt(lows * highs)
            tried = self._codes(rows, middles)
            good = wanted(tried, np.arange(len(rows)))
            lows, highs = np.where(good, middles, lows), np.where(good, highs, middles)
            codes = np.where(good, tried, codes)
        return lows, codes

    def _codes(self, rows: Rows, rates: Reals) -> Codes:
        return self.parts.codes(at_rates(self.scenario.take(rows), rates, np.ones(len(rows))))


def _known(codes: Codes, _: Rows) -> Mask:
    known: Mask = np.all(codes != UNKNOWN, axis=0)
    return known


def _without(falling: Mask) -> Wanted:
    """Return what wants none of the parts to fail that bound a row from above."""

    def wanted(codes: Codes, rows: Rows) -> Mask:
        holds: Mask = ~np.any(falling[:, rows] & (codes != HOLDS), axis=0)
        return holds

    return wanted
