"""The fewest replicas at which every condition holds, for each split of a scenario.

Parts of conditions that fail at one replica and hold at the most bound the number from below, as
latencies do: the fewest at which all of them hold is found by bisection. Parts that hold at one, as
bounds of costs do, are judged there; one that does not hold there but at the most, as memory near
saturation, bounds the number in turn. So it is the fewest of all that pass wherever each part turns
once above the numbers that others exclude. A split that a part fails at both ends has the most that
were tried, as more might do.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sizer.expr.check import Policy
from sizer.pipeline.search.parts import Codes, Parts
from sizer.schema.rows import Reals
from sizer.schema.scenario import Scenario
from sizer.schema.verdict import FAILS, HOLDS, UNKNOWN
from sizer.select import Candidates, deployment_of, together

Rows = NDArray[np.intp]


def at_fewest(scenario: Scenario, policy: Policy) -> Scenario:
    """Return a scenario each candidate of which has the fewest replicas that do.

    Rows of a candidate stand together then.
    """
    if not (scenario.fewest and len(scenario)):
        return scenario
    listed = evolve(scenario, rows=scenario.listed)
    if not policy.any_load:
        listed = listed.take(together(deployment_of(listed)))
    candidates = Candidates.of(listed, any_load=policy.any_load)
    return with_replicas(listed, fewest(listed, policy, candidates))


def fewest(scenario: Scenario, policy: Policy, candidates: Candidates) -> Reals:
    """Return how many replicas each row has: those of the row of its candidate that needs most."""
    most = np.array([each.replicas for each in scenario.deployments], np.float64)
    counts = Search(scenario, Parts.of(policy)).found(most[scenario.deployment_of])
    if candidates.starts is None:
        return counts
    each = np.maximum.reduceat(counts, candidates.starts)
    return np.repeat(each, np.diff(candidates.starts, append=len(counts)))


def with_replicas(scenario: Scenario, counts: Reals) -> Scenario:
    """Return a scenario of deployments with so many replicas, by row."""
    rows = scenario.listed
    pairs = np.stack((rows.deployment_of.astype(np.int64), counts.astype(np.int64)))
    kinds, which = np.unique(pairs, axis=1, return_inverse=True)
    deployments = tuple(
        evolve(scenario.deployments[number], replicas=count) for number, count in kinds.T.tolist()
    )
    placed = evolve(rows, deployment_of=which.reshape(-1).astype(np.int32))
    return evolve(scenario, deployments=deployments, rows=placed)


@frozen(eq=False)
class Search:
    """Tries numbers of replicas for the rows of a scenario."""

    scenario: Scenario
    parts: Parts

    def found(self, most: Reals) -> Reals:
        """Return the fewest of each row, of one to `most`."""
        rows, counts = np.arange(len(most)), np.ones(len(most))
        codes, full = self.codes(rows, counts), self.codes(rows, most)
        late = (codes == UNKNOWN) & (full == FAILS)  # it may hold where latencies become known
        stuck = np.any((codes != HOLDS) & (full != HOLDS) & ~late, axis=0)
        counts[stuck] = most[stuck]
        return self._climbed(rows[~stuck], counts, most, codes, full)

    def enough(self, most: Reals) -> Reals:
        """Return the fewest of each row at which all holds that `most` replicas mend."""
        rows, counts = np.arange(len(most)), np.ones(len(most))
        return self._climbed(rows, counts, most, self.codes(rows, counts), self.codes(rows, most))

    def _climbed(self, left: Rows, counts: Reals, most: Reals, codes: Codes, full: Codes) -> Reals:
        """Return counts that are raised in some rows until no part is left that more mend."""
        while len(left):
            rising = (codes[:, left] != HOLDS) & (full[:, left] == HOLDS)
            bound = rising.any(axis=0)
            left, rising = left[bound], rising[:, bound]
            counts[left] = self._fewest(left, counts[left], most[left], rising)
            codes[:, left] = self.codes(left, counts[left]) if len(left) else 0
        return counts

    def _fewest(self, rows: Rows, least: Reals, most: Reals, rising: NDArray[np.bool_]) -> Reals:
        """Return the fewest above `least` at which all rising parts hold; there some do not."""
        few, enough = least.copy(), most.copy()
        left = np.flatnonzero(enough - few > 1)
        while len(left):
            middle = np.floor((few[left] + enough[left]) / 2.0)
            codes = self.codes(rows[left], middle)
            holds = ~np.any(rising[:, left] & (codes != HOLDS), axis=0)
            few[left] = np.where(holds, few[left], middle)
            enough[left] = np.where(holds, middle, enough[left])
            left = left[enough[left] - few[left] > 1]
        return enough

    def codes(self, rows: Rows, counts: Reals) -> Codes:
        """Return how each part ends for some rows with so many replicas."""
        few = self.scenario.take(rows)
        return self.parts.codes(evolve(few, by_row={**few.by_row, "replicas": counts}))
