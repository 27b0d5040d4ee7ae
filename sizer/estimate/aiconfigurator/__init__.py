"""A second opinion: NVIDIA's aiconfigurator, from tables measured on silicon (extra `aic`)."""

from sizer.estimate.aiconfigurator.estimator import estimator

__all__ = ["estimator"]
