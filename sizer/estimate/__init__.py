"""The estimate stage: a scenario's candidates to columns of metrics."""

from sizer.estimate.estimators import (
    ANALYTIC,
    ESTIMATORS,
    described,
    estimate,
    estimate_chunks,
    estimator,
)

__all__ = ["ANALYTIC", "ESTIMATORS", "described", "estimate", "estimate_chunks", "estimator"]
