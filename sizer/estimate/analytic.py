"""The analytic estimator: every metric from structures and datasheets, in closed form."""

from __future__ import annotations

from collections.abc import Mapping

from sizer.catalog.calibration import calibration
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.graph import by_name
from sizer.estimate.columns.quantity import Term
from sizer.estimate.memory import memory, memory_bounds, pending, prefix, slots
from sizer.estimate.time import (
    bounds,
    capacity,
    decode,
    goodput,
    interconnect,
    launches,
    prefill,
    queueing,
    saturation,
    service,
    step_parts,
)
from sizer.schema.scenario import Scenario

TERMS: Mapping[str, Term] = by_name(
    (
        *memory.TERMS,
        *pending.TERMS,
        *prefix.TERMS,
        *slots.TERMS,
        *memory_bounds.TERMS,
        *decode.TERMS,
        *interconnect.TERMS,
        *launches.TERMS,
        *step_parts.TERMS,
        *prefill.TERMS,
        *queueing.TERMS,
        *service.TERMS,
        *saturation.TERMS,
        *capacity.TERMS,
        *goodput.TERMS,
        *bounds.TERMS,
    )
)


def source(scenario: Scenario) -> str:
    """Return which constants are in use."""
    constants = scenario.calibration or calibration()
    return f"calibration {constants.name} {constants.version}"


AGAIN = {"saturated_cycle_seconds": ("cycle_seconds", "saturated_concurrency")}
ANALYTIC = Estimator(TERMS, source, again=AGAIN, queues=True)
