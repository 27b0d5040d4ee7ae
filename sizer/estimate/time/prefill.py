"""Terms of reading prompts, and of steps that mix prompts with tokens."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    Count,
    Flops,
    FlopsPerSecond,
    Milliseconds,
    Requests,
    Seconds,
    SecondsPerByte,
    Tokens,
)
from sizer.estimate.time.kernel import (
    REDUCES_A_LAYER,
    activation_seconds,
    message_bytes,
    overlap_seconds,
    touched_experts_share,
)

MS = 1e3


def read_tokens(input_tokens: Tokens, cached_prompt_share: Count) -> Tokens:
    """Tokens of a prompt that are not in the cache yet, in the mean."""
    return np.maximum(input_tokens * (1.0 - cached_prompt_share), 1.0)


def prompt_square_flops(
    input_tokens: Tokens,
    input_tokens_spread: Count,
    hit_share_square: Count,
    prefix_share_square: Count,
    prefix_hits: Count,
    found_tip: Count,
    prefill_attention_flops_full: Flops,
) -> Flops:
    """Operations of causal attention over a whole prompt, in the mean: half a square.

    What is in the cache already is left out: the tip of the triangle.
    """
    square = input_tokens * input_tokens * (1.0 + input_tokens_spread**2) / 2.0
    tip = hit_share_square + prefix_share_square * prefix_hits + found_tip
    return square * (1.0 - tip) * prefill_attention_flops_full


def prompt_attention_flops(
    input_tokens: Tokens,
    cached_prompt_share: Count,
    window_tokens: Tokens,
    prompt_square_flops: Flops,
    prefill_attention_flops_window: Flops,
) -> Flops:
    """Operations of causal attention over a prompt: all of it, or a band under a window.

    Of the band the share that is in the cache already is left out.
    """
    inside = np.minimum(input_tokens, window_tokens)
    band = (input_tokens * inside - inside * inside / 2.0) * (1.0 - cached_prompt_share)
    return prompt_square_flops + band * prefill_attention_flops_window


def prompt_work_seconds(
    read_tokens: Tokens,
    flops_per_token: Flops,
    expert_flops_per_token: Flops,
    expert_rate: Count,
    dense_kept_share: Count,
    experts_kept_share: Count,
    prompt_flops_s: FlopsPerSecond,
    prompt_attention_flops: Flops,
    peak_flops_16: FlopsPerSecond,
    prefill_attention_share: Count,
) -> Seconds:
    """Arithmetic of one prompt over all stages."""
    experts = expert_flops_per_token / (expert_rate * experts_kept_share)
    linear = flops_per_token / dense_kept_share + experts
    attention = prompt_attention_flops / (peak_flops_16 * prefill_attention_share)
    return read_tokens * linear / prompt_flops_s + attention


def prompt_moved_seconds(
    read_tokens: Tokens,
    hidden_size: Count,
    layer_count: Count,
    activation_passes: Count,
    sustained_bytes_s: BytesPerSecond,
) -> Seconds:
    """Time to move one prompt's activations."""
    return activation_seconds(
        read_tokens, hidden_size, layer_count, activation_passes, sustained_bytes_s
    )


def prompt_wire_seconds(
    read_tokens: Tokens,
    hidden_size: Count,
    layer_count: Count,
    moe_layer_count: Count,
    reduce_s_per_byte: SecondsPerByte,
    exchange_s_per_byte: SecondsPerByte,
) -> Seconds:
    """Time of one prompt's all-reduces, and of its ways to experts and back, on the link."""
    message = message_bytes(read_tokens, hidden_size)
    reduces = REDUCES_A_LAYER * layer_count * reduce_s_per_byte
    return message * (reduces + moe_layer_count * exchange_s_per_byte)


def prompt_seconds(
    prompt_work_seconds: Seconds,
    prompt_moved_seconds: Seconds,
    prompt_wire_seconds: Seconds,
    adapter_prompt_seconds: Seconds,
    draft_prompt_seconds: Seconds,
    pp: Count,
) -> Seconds:
    """Time that one prompt adds to a stage when weights are read anyway."""
    work = prompt_work_seconds + prompt_moved_seconds + prompt_wire_seconds
    return (work + adapter_prompt_seconds + draft_prompt_seconds) / pp


def lone_step_seconds(
    dense_read_bytes: Bytes,
    expert_bytes: Bytes,
    expert_count: Count,
    experts_per_token: Count,
    expert_bandwidth_share: Count,
    dense_kept_share: Count,
    experts_kept_share: Count,
    sustained_bytes_s: BytesPerSecond,
    collective_latency_seconds: Seconds,
    launch_seconds: Seconds,
    step_launch_s: Seconds,
    timed: Count,
) -> Seconds:
    """The least time of any step: one pass over the weights, launches and collectives.

    Unknown under settings that nobody models (`timed`).
    """
    one = np.ones_like(dense_read_bytes)
    share = touched_experts_share(one, expert_count, experts_per_token, one)
    experts = share * expert_bytes / (expert_bandwidth_share * experts_kept_share)
    read = (dense_read_bytes / dense_kept_share + experts) / sustained_bytes_s
    return (read + collective_latency_seconds + launch_seconds + step_launch_s) * timed


def prefill_seconds(
    prompt_seconds: Seconds,
    lone_step_seconds: Seconds,
    running: Requests,
    pp: Count,
    sharpness: Count,
    eager_seconds: Seconds,
    static_batching: Count,
) -> Seconds:
    """Time to read one prompt alone, or with static batching all of them together."""
    prompts = np.where(static_batching > 0, running, 1.0)
    work = prompt_seconds * prompts * pp
    return overlap_seconds(work, lone_step_seconds, sharpness) + eager_seconds


def prefill_ms(prefill_seconds: Seconds) -> Milliseconds:
    """Time to read one prompt, alone."""
    return prefill_seconds * MS


def token_seconds(
    token_step_seconds: Seconds,
    running: Requests,
    prompt_seconds: Seconds,
    output_tokens: Tokens,
    prefill_interference: Count,
    waves: Count,
    static_batching: Count,
) -> Seconds:
    """Mean time between tokens: a token's share of a step, and others' prompts mixed into it.

    Every request in flight is replaced once in a request's life; a static batch is not. The
    half of a wave's prompts that come before one's own delay the first token instead.
    """
    later = prefill_interference * (1.0 - 0.5 * waves)
    others = later * (running - 1.0) * prompt_seconds / output_tokens
    return token_step_seconds + others * (1.0 - static_batching)


def itl_ms(token_seconds: Seconds) -> Milliseconds:
    """Mean time between output tokens of one request."""
    return token_seconds * MS


TERMS = (
    read_tokens,
    prompt_square_flops,
    prompt_attention_flops,
    prompt_work_seconds,
    prompt_moved_seconds,
    prompt_wire_seconds,
    prompt_seconds,
    lone_step_seconds,
    prefill_seconds,
    prefill_ms,
    token_seconds,
    itl_ms,
)
