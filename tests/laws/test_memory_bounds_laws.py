from __future__ import annotations

from attrs import evolve
from candidates import deployments, engines, gpus, loads, one, row
from hypothesis import given
from hypothesis import strategies as st

from sizer.resolve.notes import memory_notes
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Uncounted
from sizer.schema.facts.unmeasured import Part
from sizer.schema.metrics import MEMORY, MEMORY_BOUNDS
from sizer.schema.scenario import Deployment, Load

NUMBERS = tuple(metric.name for metric in MEMORY if metric.kind == "number")
PARTS = st.sampled_from(["weights", "cache", "activations"])
UNCOUNTED = st.lists(PARTS.map(lambda part: Uncounted("what nobody counts", part)), max_size=2)
VERSIONS = st.sampled_from([None, "0.5.4", "0.6.0", "0.11", "0.28.1", "0.29.0"])


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


@given(deployments(), gpus(), loads(), engines, VERSIONS, UNCOUNTED)
def test_only_what_is_counted_and_was_measured_fits_surely(
    deployment: Deployment,
    gpu: Gpu,
    load: Load,
    engine: Engine,
    version: str | None,
    uncounted: list[Uncounted],
) -> None:
    engine = evolve(engine, version=version)
    deployment = evolve(deployment, model=evolve(deployment.model, uncounted=tuple(uncounted)))
    notes = tuple(memory_notes(row(deployment, gpu, load, engine)))
    (surely,) = one(deployment, gpu, load, engine, "fits_surely")
    assert not (surely and notes)
    grounded = not uncounted and engine.name == "vllm" and gpu.vendor == "NVIDIA"
    assert (not notes) == (grounded and version not in {"0.5.4", "0.29.0"})


@given(deployments(), gpus(), loads(), engines, PARTS)
def test_what_is_not_counted_takes_more_alone(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, part: Part
) -> None:
    names = ("memory_required_gib_low", "memory_required_gib", "memory_required_gib_high")
    less = evolve(deployment, model=evolve(deployment.model, uncounted=(Uncounted("it", part),)))
    low, value, high = one(deployment, gpu, load, engine, *names)
    assert one(less, gpu, load, engine, *names[:2]) == [low, value]
    (higher,) = one(less, gpu, load, engine, names[2])
    assert higher > high
