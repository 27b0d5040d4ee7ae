"""A second opinion: NVIDIA's aiconfigurator, from tables measured on silicon (extra `aic`).

Comes in: candidates. Goes out: the columns of the analytic estimator. It never fills in what the
tables do not hold: that is unknown.
"""

from sizer.estimate.aiconfigurator.estimator import estimator

__all__ = ["estimator"]
