"""Metrics by family, and the registry of all of them.

Comes in: nothing. Goes out: every name with its unit, type, direction, sentence and reference.
It never computes a value: the terms of an estimator do.
"""

from sizer.schema.metrics.day import DAY
from sizer.schema.metrics.energy import ENERGY
from sizer.schema.metrics.families import MEASURED, METRICS, registry, unwritten
from sizer.schema.metrics.memory import MEMORY, MEMORY_BOUNDS
from sizer.schema.metrics.metric import Better, Kind, Metric, Scope
from sizer.schema.metrics.traffic import PERCENTILES, PERCENTS, together

__all__ = [
    "DAY",
    "ENERGY",
    "MEASURED",
    "MEMORY",
    "MEMORY_BOUNDS",
    "METRICS",
    "PERCENTILES",
    "PERCENTS",
    "Better",
    "Kind",
    "Metric",
    "Scope",
    "registry",
    "together",
    "unwritten",
]
