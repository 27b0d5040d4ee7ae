"""What ends a search: the conditions that fail one step beyond what was found."""

from __future__ import annotations

import numpy as np

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import with_own_metrics
from sizer.pipeline.search.fewest import with_replicas
from sizer.pipeline.search.goodput import at_rates
from sizer.schema.answered.report import Bound
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Scenario
from sizer.select import Judged

EVERYTHING = tuple(metric.name for metric in METRICS)
MORE = 1.01  # of the highest rate: beyond what it was found to


def stopped_by(whole: Scenario, policy: Policy) -> tuple[Bound, ...]:
    """Return what fails for the candidate of a scenario, all its rows, one step beyond.

    That is 1 % more requests a second than its highest rate, or one replica less than the fewest.
    There is nothing where nothing was looked for, where no rate was found, or nothing is less.
    """
    if "rate_holds" in whole.by_row:
        rates, holds = whole.by_row["request_rate"], whole.by_row["rate_holds"]
        return _broken(at_rates(whole, rates * MORE, holds), policy) if np.all(holds == 1) else ()
    if not whole.fewest:
        return ()
    few = [each.replicas - 1 for each in whole.deployments]
    counts = np.array(few, np.float64)[whole.deployment_of]
    return _broken(with_replicas(whole, counts), policy) if counts.all() else ()


def _broken(beyond: Scenario, policy: Policy) -> tuple[Bound, ...]:
    """Return every comparison that fails; what is unknown only where nothing else is known to."""
    table = with_own_metrics(policy, estimate(beyond, EVERYTHING))
    verdicts = judge(policy, table)
    one = Judged.of(beyond, policy, table, verdicts, any_load=policy.any_load)
    bounds = one.near_miss(0).bounds
    return tuple(each for each in bounds if each.value is not None) or bounds
