"""What ends a search: the conditions that fail one step beyond what was found."""

from __future__ import annotations

import numpy as np

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import with_own_metrics
from sizer.pipeline.search.goodput import at_rates
from sizer.schema.answered.report import Bound
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Scenario
from sizer.select import Judged

EVERYTHING = tuple(metric.name for metric in METRICS)
MORE = 1.01  # of the highest rate: beyond what it was found to


def stopped_by(one: Scenario, policy: Policy) -> tuple[Bound, ...]:
    """Return what fails for the candidate of a scenario of one at 1 % more requests a second.

    There is nothing where no rate was looked for, or none was found.
    """
    holds, rates = (one.by_row.get(name) for name in ("rate_holds", "request_rate"))
    if rates is None or holds is None or holds[0] != 1:
        return ()
    return _broken(at_rates(one, rates * MORE, np.ones(1)), policy)


def _broken(beyond: Scenario, policy: Policy) -> tuple[Bound, ...]:
    """Return every comparison that fails; what is unknown only where nothing else is known to."""
    table = with_own_metrics(policy, estimate(beyond, EVERYTHING))
    verdicts = judge(policy, table)
    bounds = Judged.of(beyond, policy, table, verdicts, any_load=True).near_miss(0).bounds
    return tuple(each for each in bounds if each.value is not None) or bounds
