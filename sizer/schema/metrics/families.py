"""The registry of metrics: every name that a rule, a sort or an answer can use.

Everything that knows names (checker, completion, `sizer explain`, tables of the README) reads
it here. A family is a file; a metric is a line of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from sizer.schema.metrics.apart import APART
from sizer.schema.metrics.capacity import CAPACITY
from sizer.schema.metrics.cost import COST
from sizer.schema.metrics.day import DAY
from sizer.schema.metrics.energy import ENERGY
from sizer.schema.metrics.hardware import HARDWARE
from sizer.schema.metrics.memory import MEMORY, MEMORY_BOUNDS
from sizer.schema.metrics.metric import Metric, intervals
from sizer.schema.metrics.pooling import INSTEAD, POOLING
from sizer.schema.metrics.question import QUESTION
from sizer.schema.metrics.sessions import SESSIONS
from sizer.schema.metrics.speculation import SPECULATION_FAMILY
from sizer.schema.metrics.time import TIME
from sizer.schema.metrics.traffic import PERCENTILES, TRAFFIC

MEASURED = (
    "itl_ms",
    "ttft_ms",
    "tokens_per_second",
    "max_tokens_per_second",
)  # the calibration has their intervals
BOUNDED = (*MEASURED, "max_request_rate", "utilization", "cost_usd_per_mtok")
NAMED = {metric.name: metric for metric in (*TIME, *CAPACITY, *COST)}
BOUNDS = intervals(*(NAMED[name] for name in BOUNDED), *PERCENTILES, *ENERGY)
METRICS: tuple[Metric, ...] = (
    *MEMORY,
    *MEMORY_BOUNDS,
    *TIME,
    *SPECULATION_FAMILY,
    *CAPACITY,
    *SESSIONS,
    *TRAFFIC,
    *APART,
    *COST,
    *DAY,
    *POOLING,
    *ENERGY,
    *BOUNDS,
    *HARDWARE,
    *QUESTION,
)


@cache
def registry() -> Mapping[str, Metric]:
    """Return every metric by name and by alias."""
    names = {metric.name: metric for metric in METRICS}
    names |= {alias: metric for metric in METRICS for alias in metric.aliases}
    return MappingProxyType(names)


@cache
def unwritten() -> Mapping[str, str]:
    """Return the metrics that are unknown where no token is written, and what to ask instead.

    Ends of their intervals are among them.
    """
    ends = {each.name: INSTEAD[each.end_of or ""] for each in METRICS if each.end_of in INSTEAD}
    return MappingProxyType({**INSTEAD, **ends})
