"""What one device loads under an engine: a model's weights, and what is added or left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from attrs import evolve

from sizer.estimate.device.adapters import adapter_tensors
from sizer.estimate.device.draft import draft_tensors
from sizer.estimate.device.stages import Stage
from sizer.estimate.device.tensors import Tensor, layer_tensors, stage_tensors
from sizer.estimate.engine.extras import NO_EXTRAS, Extras
from sizer.estimate.engine.settings import CURRENT
from sizer.schema.facts.engine_constants import Release
from sizer.schema.scenario import Deployment


def loaded_tensors(
    deployment: Deployment, stage: Stage, version: Release = CURRENT, extras: Extras = NO_EXTRAS
) -> Iterator[Tensor]:
    """Yield what one device of a stage loads, before any of it goes to the host."""
    placed = _without_towers(deployment) if extras.text_only else deployment
    yield from stage_tensors(placed, stage, version)
    yield from draft_tensors(deployment, stage, version)
    if extras.max_loras:
        yield from adapter_tensors(deployment, stage, extras)


@lru_cache(maxsize=65_536)
def stage_weight_bytes(
    deployment: Deployment, stage: Stage, version: Release = CURRENT, extras: Extras = NO_EXTRAS
) -> float:
    """Return the weights on one device of a stage, as its allocator counts them."""
    tensors = loaded_tensors(deployment, stage, version, extras)
    held = sum(tensor.allocated for tensor in tensors)
    return held - host_bytes(deployment, stage, version, extras)


def host_bytes(
    deployment: Deployment, stage: Stage, version: Release = CURRENT, extras: Extras = NO_EXTRAS
) -> float:
    """Return the bytes of a device's weights that stay on the host: layers, tables never.

    vLLM moves parameters of layers until the bytes asked for are reached (UVAOffloader).
    """
    if not extras.host_bytes:
        return 0.0
    layers = sum(tensor.allocated for tensor in layer_tensors(deployment, stage, version))
    return min(extras.host_bytes, layers)


def _without_towers(deployment: Deployment) -> Deployment:
    model = deployment.model
    other = model.other_parameters - model.encoder_parameters
    return evolve(deployment, model=evolve(model, other_parameters=other, encoder_parameters=0))
