"""Candidates with what their question looks for in each of them, like the highest rate."""

from __future__ import annotations

from sizer.expr.check import Policy
from sizer.pipeline.search.goodput import at_highest
from sizer.schema.scenario import Scenario


def sought(scenario: Scenario, policy: Policy) -> Scenario:
    """Return a scenario with what was found for each row; the same if nothing is looked for."""
    return at_highest(scenario, policy)
