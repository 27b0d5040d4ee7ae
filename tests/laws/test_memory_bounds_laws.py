from __future__ import annotations

from attrs import evolve
from candidates import deployments, engines, gpus, loads, one
from hypothesis import given

from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import MEMORY, MEMORY_BOUNDS
from sizer.schema.scenario import Deployment, Load

NUMBERS = tuple(metric.name for metric in MEMORY if metric.kind == "number")


def test_every_memory_metric_has_bounds() -> None:
    names = {metric.name for metric in MEMORY_BOUNDS}
    assert names == {f"{name}_{end}" for name in NUMBERS for end in ("low", "high")} | {
        "fits_surely"
    }


@given(deployments(), gpus(), loads(), engines)
def test_a_metric_lies_between_its_bounds(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    for name in NUMBERS:
        low, value, high = one(deployment, gpu, load, engine, f"{name}_low", name, f"{name}_high")
        slack = 1e-9 * abs(value)
        assert low - slack <= value <= high + slack, name


@given(deployments(), gpus(), loads(), engines)
def test_what_fits_surely_fits(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    surely, fits = one(deployment, gpu, load, engine, "fits_surely", "fits")
    assert surely <= fits


@given(deployments(), gpus(), loads(), engines)
def test_what_was_never_measured_is_less_certain(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    names = ("memory_required_gib_low", "memory_required_gib_high")
    low, high = one(deployment, evolve(gpu, vendor="NVIDIA"), load, engine, *names)
    lower, higher = one(deployment, evolve(gpu, vendor="Nobody"), load, engine, *names)
    assert lower <= low <= high <= higher
