"""Rows as candidates: each row is one, or all rows of a deployment at every load point together."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.schema.scenario import Scenario
from sizer.schema.verdict import FAILS, Ended, Verdict
from sizer.select.order import Order

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


def deployment_of(scenario: Scenario) -> NDArray[np.int64]:
    """Return a number for what each row deploys: all of it but the load."""
    rows = scenario.listed
    deployed = rows.deployment_of.astype(np.int64)
    deployed *= len(scenario.gpus)
    deployed += rows.gpu_of
    deployed *= len(scenario.engines)
    deployed += rows.engine_of
    return deployed


def together(deployed: NDArray[np.int64]) -> Rows:
    """Return all rows so that those of a deployment follow each other."""
    small = len(deployed) and deployed.max() < np.iinfo(np.uint16).max
    keys = deployed.astype(np.uint16) if small else deployed  # sorted by radix
    return np.argsort(keys, kind="stable")


@frozen(eq=False)
class Candidates:
    """Candidates of a block: the rows of each follow each other and begin at `starts`.

    Without `starts` each row is one.
    """

    rows: int
    starts: Rows | None = None

    @classmethod
    def of(cls, scenario: Scenario, *, any_load: bool) -> Candidates:
        """Return the candidates of rows that stand `together`."""
        if any_load or len(scenario.loads) == 1:
            return cls(len(scenario))
        return cls(len(scenario), np.flatnonzero(scenario.listed.begins))

    def __len__(self) -> int:
        """Return the number of candidates."""
        return self.rows if self.starts is None else len(self.starts)

    @property
    def firsts(self) -> Rows:
        """The first row of each candidate."""
        return np.arange(self.rows) if self.starts is None else self.starts

    def any(self, mask: Mask) -> Mask:
        """Return for which candidates a mask is true of some row."""
        if self.starts is None or not self.rows:
            return mask
        found: Mask = np.logical_or.reduceat(mask, self.starts)
        return found

    def ended(self, verdict: Verdict) -> Ended:
        """Return how a condition ended for candidates: one that fails at a load point is out."""
        if self.starts is None:
            return verdict.ended
        rows = verdict.ended
        out = self.any(~rows.admits)
        failed = self.any(~rows.admits & (verdict.outcome == FAILS))
        return Ended(rows.label, rows.kind, ~out, out & ~failed, self.any(rows.waived))

    def order(self, rows: Order) -> Order:
        """Return the order of candidates by their worst rows, from that of their rows."""
        if self.starts is None or not self.rows:
            return rows
        starts = self.starts
        *names, _ = rows.names  # the last is the load's
        return Order(
            tuple(np.maximum.reduceat(each, starts) for each in rows.sorts),
            tuple(np.maximum.reduceat(each, starts) for each in rows.ties),
            [each[starts] for each in names],
        )

    def of_rows(self, rows: Rows) -> Rows:
        """Return the candidate of each of some rows."""
        if self.starts is None:
            return rows
        found: Rows = np.searchsorted(self.starts, rows, side="right") - 1
        return found

    def rows_of(self, candidates: Rows) -> Rows:
        """Return all rows of some candidates, in the order of rows."""
        if self.starts is None:
            return candidates
        chosen = np.zeros(len(self), np.bool_)
        chosen[candidates] = True
        return np.flatnonzero(np.repeat(chosen, np.diff(self.starts, append=self.rows)))
