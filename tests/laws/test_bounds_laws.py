"""No metric is below what the checker of conditions takes for its least value."""

from __future__ import annotations

import math

from candidates import deployments, engines, gpus, loads, one
from hypothesis import given

from sizer.expr.regions.comparison import least_of
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Deployment, Load

BOUNDED = tuple(each for each in METRICS if math.isfinite(least_of(each)))


@given(deployments(), gpus(), loads(), engines)
def test_no_metric_is_below_its_least_value(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    found = one(deployment, gpu, load, engine, *(each.name for each in BOUNDED))
    low = [
        (each.name, value)
        for each, value in zip(BOUNDED, found, strict=True)
        if value < least_of(each)
    ]
    assert low == []


@given(deployments(), gpus(), loads(), engines)
def test_what_is_counted_is_whole(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    counted = [each.name for each in METRICS if each.whole]
    found = one(deployment, gpu, load, engine, *counted)
    known = {name: value for name, value in zip(counted, found, strict=True) if value is not None}
    assert [name for name, value in known.items() if not math.isnan(value) and value % 1] == []
