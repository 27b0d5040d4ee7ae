"""The estimate stage: a scenario's candidates to columns of metrics.

Comes in: a scenario and the names of metrics. Goes out: a table with a row for each candidate. It
never judges, and never looks a fact up.
"""

from sizer.estimate.estimators import (
    ANALYTIC,
    ESTIMATORS,
    described,
    estimate,
    estimator,
    estimator_of,
)
from sizer.estimate.step_times import step_times

__all__ = [
    "ANALYTIC",
    "ESTIMATORS",
    "described",
    "estimate",
    "estimator",
    "estimator_of",
    "step_times",
]
