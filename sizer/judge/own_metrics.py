"""Own metrics of a policy, as columns beside those of an estimate."""

from __future__ import annotations

from sizer.expr.check import Policy
from sizer.expr.columns import evaluate
from sizer.schema.answered.report import OwnMetric
from sizer.schema.table import Table


def own_metrics(policy: Policy) -> tuple[OwnMetric, ...]:
    """Return what a policy defines, by name, with the units that were inferred."""
    return tuple(OwnMetric(name, each.text, each.unit) for name, each in policy.metrics.items())


def with_own_metrics(policy: Policy, table: Table) -> Table:
    """Return a table with a column for each own metric; it has all columns that they read."""
    own = {name: evaluate(expression, table) for name, expression in policy.metrics.items()}
    return {**table, **own} if own else table
