"""The analytic estimator: every metric from structures and datasheets, in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from sizer.catalog.calibration import calibration
from sizer.estimate.adapters import passes
from sizer.estimate.columns.again import Again
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.graph import by_name
from sizer.estimate.columns.quantity import Term
from sizer.estimate.memory import memory, memory_bounds, pending, prefix, sessions, slots
from sizer.estimate.power import busy, draw, energy
from sizer.estimate.speculation import drafting, verification
from sizer.estimate.time import (
    bounds,
    capacity,
    day,
    decode,
    goodput,
    interconnect,
    launches,
    offload,
    prefill,
    queueing,
    requests,
    saturation,
    service,
    step_parts,
    together,
)
from sizer.estimate.traffic import arrivals, ends, first_token, pace, prompts, steps, waits, whole
from sizer.schema.scenario import Scenario

WINGS: tuple[tuple[Term, ...], ...] = (
    memory.TERMS,
    pending.TERMS,
    prefix.TERMS,
    sessions.TERMS,
    slots.TERMS,
    memory_bounds.TERMS,
    verification.TERMS,
    drafting.TERMS,
    passes.TERMS,
    decode.TERMS,
    interconnect.TERMS,
    launches.TERMS,
    offload.TERMS,
    step_parts.TERMS,
    prefill.TERMS,
    queueing.TERMS,
    service.TERMS,
    requests.TERMS,
    saturation.TERMS,
    capacity.TERMS,
    goodput.TERMS,
    day.TERMS,
    together.TERMS,
    bounds.TERMS,
    arrivals.TERMS,
    prompts.TERMS,
    steps.TERMS,
    waits.TERMS,
    first_token.TERMS,
    pace.TERMS,
    whole.TERMS,
    ends.TERMS,
    busy.TERMS,
    draw.TERMS,
    energy.TERMS,
)
TERMS: Mapping[str, Term] = by_name(chain.from_iterable(WINGS))


def source(scenario: Scenario) -> str:
    """Return which constants are in use."""
    constants = scenario.calibration or calibration()
    return f"calibration {constants.name} {constants.version}"


AGAIN = {
    "saturated_cycle_seconds": Again("cycle_seconds", in_flight="saturated_concurrency"),
    "nudged_step_seconds": Again("step_seconds", in_flight="nudged_concurrency"),
    **ends.AGAIN,
}
ANALYTIC = Estimator(TERMS, source, again=AGAIN)
