"""Terms of LoRA in a pass: each linear layer has two small products more, shrink and expand.

They read the adapters of a step, and activations once more; each is a kernel of its own (Chen et
al., Punica, arXiv:2310.18547; vllm/lora). Nothing is computed where no candidate of a block has
adapters.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    Count,
    FlopsPerSecond,
    Requests,
    Seconds,
    Tokens,
)
from sizer.estimate.time.kernel import touched_experts_share

ELEMENT_BYTES = 2.0
KERNELS_A_LAYER = 10.0  # that `layer_launch_s` is the cost of, as its source says
TILE = 16.0  # the least side of a tensor core's tile: a smaller rank is padded to it


def adapters_in_step(lora_slots: Count, stage_batch: Requests, lora_by_request: Count) -> Count:
    """Adapters that a step reads: as many as it may use, and no more than it has requests.

    Kernels before vLLM 0.8 read them anew for each request (its bgmv kernels).
    """
    shared = np.minimum(lora_slots, stage_batch)
    return np.where((lora_by_request > 0) & (lora_slots > 0), stage_batch, shared)


def adapter_read_bytes(
    adapters_in_step: Count,
    lora_rank: Count,
    adapter_widths: Count,
    adapter_expert_widths: Count,
    step_positions: Tokens,
    dp: Count,
    expert_count: Count,
    experts_per_token: Count,
    routing_exponent: Count,
) -> Bytes:
    """Matrices of the adapters of a step: dense ones, and of the experts that it touches."""
    if not adapters_in_step.any():
        return np.zeros_like(adapters_in_step)
    touched = touched_experts_share(
        step_positions * dp, expert_count, experts_per_token, routing_exponent
    )
    elements = adapter_widths + touched * adapter_expert_widths
    return adapters_in_step * lora_rank * elements * ELEMENT_BYTES


def adapter_token_seconds(
    lora_slots: Count,
    lora_rank: Count,
    adapter_token_widths: Count,
    adapter_moved_bytes: Bytes,
    sustained_bytes_s: BytesPerSecond,
    peak_flops_16: FlopsPerSecond,
    compute_share: Count,
) -> Seconds:
    """Time that each position adds: its activations once more, and its small products."""
    products = 2.0 * np.maximum(lora_rank, TILE) * adapter_token_widths
    moved = adapter_moved_bytes / sustained_bytes_s
    found = moved + products / (peak_flops_16 * compute_share)
    return np.where(lora_slots > 0, found, 0.0)


def adapter_launch_seconds(
    lora_slots: Count,
    lora_by_part: Count,
    adapter_kernels: Count,
    adapter_part_kernels: Count,
    layer_launch_s: Seconds,
) -> Seconds:
    """Launches of shrink and expand, as a captured graph replays them.

    Before vLLM 0.8 each part of a fused layer had kernels of its own.
    """
    kernels = np.where(lora_by_part > 0, adapter_part_kernels, adapter_kernels)
    return np.where(lora_slots > 0, kernels * layer_launch_s / KERNELS_A_LAYER, 0.0)


def uncaptured_adapter_seconds(
    adapter_launch_seconds: Seconds, lora_uncaptured: Count, eager: Count, eager_ratio: Count
) -> Seconds:
    """What these launches cost more where no graph holds them though it holds the others."""
    alone = (lora_uncaptured > 0) & (eager <= 0)
    return np.where(alone, adapter_launch_seconds * (eager_ratio - 1.0), 0.0)


def adapter_seconds(
    adapter_read_bytes: Bytes,
    sustained_bytes_s: BytesPerSecond,
    step_positions: Tokens,
    adapter_token_seconds: Seconds,
    uncaptured_adapter_seconds: Seconds,
) -> Seconds:
    """LoRA in a decode step, beside the launches that a graph holds."""
    read = adapter_read_bytes / sustained_bytes_s
    return read + step_positions * adapter_token_seconds + uncaptured_adapter_seconds


def adapter_prompt_seconds(read_tokens: Tokens, adapter_token_seconds: Seconds) -> Seconds:
    """LoRA in the reading of one prompt, over all stages."""
    return read_tokens * adapter_token_seconds


TERMS = (
    adapters_in_step,
    adapter_read_bytes,
    adapter_token_seconds,
    adapter_launch_seconds,
    uncaptured_adapter_seconds,
    adapter_seconds,
    adapter_prompt_seconds,
)
