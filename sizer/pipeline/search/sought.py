"""Candidates with what their question looks for in each of them, like the highest rate."""

from __future__ import annotations

from collections.abc import Collection

from sizer.expr.check import Policy
from sizer.pipeline.search.day import with_day
from sizer.pipeline.search.goodput import at_highest
from sizer.schema.metrics import DAY
from sizer.schema.scenario import Scenario


def sought(scenario: Scenario, policy: Policy, names: Collection[str] | None = None) -> Scenario:
    """Return a scenario with what was found for each row; the same if nothing is looked for.

    Of a day only what one of the `names` reads is; without them everything is.
    """
    found = at_highest(scenario, policy)
    hourly = names is None or any(metric.name in names for metric in DAY)
    return with_day(found, policy) if hourly else found
