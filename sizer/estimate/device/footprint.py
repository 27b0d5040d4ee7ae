"""What one device of the binding pipeline stage holds under an engine."""

from __future__ import annotations

from attrs import asdict, evolve, frozen

from sizer.estimate.device.beside import beside
from sizer.estimate.device.cache import Layout, layout, unasked
from sizer.estimate.device.gguf import file_bytes
from sizer.estimate.device.in_flight import tokens_in_flight
from sizer.estimate.device.index_peak import gathered_bytes_per_token
from sizer.estimate.device.loaded import stage_weight_bytes
from sizer.estimate.device.peak import peak, whole_prompt_tokens
from sizer.estimate.device.residuals import Residuals, doubt
from sizer.estimate.device.scratch import scratch_bytes
from sizer.estimate.device.stages import Stage, stages
from sizer.estimate.engine.settings import Settings
from sizer.schema.scenario import Deployment


@frozen
class Footprint(Residuals):
    """Bytes on one device; the layout of the cache is spread into scalars for the terms.

    `start_*` is the cache of a request that an engine wants free at its start.
    """

    weight_bytes: float
    activation_bytes: float
    whole_prompt_bytes_per_token: float
    whole_prompt_tokens: float
    workspace_bytes: float
    gathered_bytes_per_token: float
    overhead_bytes: float
    block_bytes: float
    full_block_bytes: float
    full_block_tokens: float
    window_block_bytes: float
    window_block_tokens: float
    kept_window_tokens: float
    tokens_in_flight: float
    fixed_request_bytes: float
    overlapped_block_bytes: float
    overlapped_block_tokens: float
    overlapped_tokens: float
    pressed_block_bytes: float
    pressed_block_tokens: float
    pressed_tokens: float
    start_full_block_bytes: float
    start_window_block_bytes: float
    start_fixed_request_bytes: float
    start_overlapped_block_bytes: float
    start_pressed_block_bytes: float
    window_pool_share: float
    state_requests: float


def footprint(
    deployment: Deployment, settings: Settings, confidence: float | None = None
) -> Footprint:
    """Return what the stage holds that leaves the least room for its cache."""
    stage = binding_stage(deployment, settings)
    cache, passing = layout(deployment, settings), peak(deployment, settings, stage)
    start = _start_layout(deployment, settings)
    weights = held_weight_bytes(deployment, stage, settings) + scratch_bytes(deployment, settings)
    activations = passing.bytes_of(settings.max_num_batched_tokens)
    rest = beside(deployment, settings, weights, activations)
    return Footprint(
        weight_bytes=weights,
        activation_bytes=activations,
        whole_prompt_bytes_per_token=passing.bytes_per_token,
        whole_prompt_tokens=whole_prompt_tokens(deployment, settings),
        workspace_bytes=passing.workspace_bytes_per_token * settings.max_num_batched_tokens,
        gathered_bytes_per_token=gathered_bytes_per_token(deployment.model, settings),
        overhead_bytes=rest.total_bytes,
        block_bytes=cache.block_bytes,
        full_block_bytes=cache.full_block_bytes,
        full_block_tokens=float(cache.full_block_tokens),
        window_block_bytes=cache.window_block_bytes,
        window_block_tokens=float(cache.window_block_tokens),
        kept_window_tokens=float(cache.window_tokens),
        tokens_in_flight=float(tokens_in_flight(deployment, settings)),
        fixed_request_bytes=cache.fixed_request_bytes,
        start_full_block_bytes=start.full_block_bytes,
        start_window_block_bytes=start.window_block_bytes,
        start_fixed_request_bytes=start.fixed_request_bytes,
        overlapped_block_bytes=cache.overlapped.block_bytes,
        overlapped_block_tokens=float(cache.overlapped.block_tokens),
        overlapped_tokens=float(cache.overlapped.kept_tokens),
        pressed_block_bytes=cache.pressed.block_bytes,
        pressed_block_tokens=float(cache.pressed.block_tokens),
        pressed_tokens=float(cache.pressed.kept_tokens),
        start_overlapped_block_bytes=start.overlapped.block_bytes,
        start_pressed_block_bytes=start.pressed.block_bytes,
        window_pool_share=cache.window_pool_share,
        state_requests=rest.requests,
        **asdict(doubt(deployment, settings, confidence)),
    )


def _start_layout(deployment: Deployment, settings: Settings) -> Layout:
    """Return the layout that an engine's check at its start counts with: nothing without one."""
    if settings.cuts_to_pool:
        return unasked(layout(deployment, settings))
    if deployment.pp > 1 and settings.whole_model_on_a_stage:
        return layout(evolve(deployment, pp=1), settings)
    return layout(deployment, settings, at_start=True)


def binding_stage(deployment: Deployment, settings: Settings) -> Stage:
    """Return the stage with the most weights and activations."""
    tokens = settings.max_num_batched_tokens

    def held(stage: Stage) -> float:
        activations = peak(deployment, settings, stage).bytes_of(tokens)
        return held_weight_bytes(deployment, stage, settings) + activations

    cut = stages(deployment.model.layer_count, deployment.pp, settings.layers_per_stage)
    return max(dict.fromkeys(cut), key=held)


def held_weight_bytes(deployment: Deployment, stage: Stage, settings: Settings) -> float:
    """Return the weights on one device of a stage under an engine."""
    if settings.has_slots:
        return file_bytes(deployment, stage, settings)
    return stage_weight_bytes(deployment, stage, settings.version, settings.extras)


def resident_weight_bytes(deployment: Deployment) -> float:
    """Return the weights on one device of the stage that holds the most, in bytes."""
    cut = stages(deployment.model.layer_count, deployment.pp)
    return max(stage_weight_bytes(deployment, stage) for stage in dict.fromkeys(cut))
