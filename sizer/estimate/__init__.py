"""The estimate stage: a scenario's candidates to columns of metrics."""

from sizer.estimate.analytic import estimate, estimate_chunks

__all__ = ["estimate", "estimate_chunks"]
