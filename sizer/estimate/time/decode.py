"""Terms of one decode step: every running request gets a token.

The floors are those of Williams et al. (Roofline, CACM 2009). The shares of a peak that kernels
sustain, launch costs and latencies are constants of the calibration, which names their points.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    BytesPerToken,
    Count,
    Flops,
    FlopsPerSecond,
    Requests,
    Seconds,
    Tokens,
)
from sizer.estimate.time.kernel import (
    activation_seconds,
    overlap_seconds,
    touched_experts_share,
    within_window,
)

CASCADE_REQUESTS = 8


def in_flight(loaded_concurrency: Requests, replicas: Count, dp: Count) -> Requests:
    """Requests of one attention group in the mean: in flight, or under a rate in service."""
    return loaded_concurrency / (replicas * dp)


def running(admitted_requests: Requests, in_flight: Requests) -> Requests:
    """Requests that run at once; the cache, the engine and what is offered limit them."""
    return np.maximum(np.minimum(admitted_requests, in_flight), 1.0)


def stage_batch(running: Requests, pp: Count) -> Requests:
    """Requests of one micro-batch: pipeline stages work on different ones."""
    return np.maximum(running / pp, 1.0)


def mean_context_tokens(
    input_tokens: Tokens, output_tokens: Tokens, output_tokens_spread: Count
) -> Tokens:
    """Mean length of a request while it decodes; long answers are met more often than short."""
    return input_tokens + output_tokens * (1.0 + output_tokens_spread**2) / 2.0


def sustained_bytes_s(bandwidth_bytes_s: BytesPerSecond, bandwidth_share: Count) -> BytesPerSecond:
    """Memory bandwidth that weight-streaming kernels reach."""
    return bandwidth_bytes_s * bandwidth_share


def sustained_flops_s(
    peak_flops_16: FlopsPerSecond,
    peak_flops: FlopsPerSecond,
    compute_share: Count,
    native_exponent: Count,
) -> FlopsPerSecond:
    """Arithmetic that matrix products reach; narrower formats gain less than their sheet says."""
    return peak_flops_16 * np.power(peak_flops / peak_flops_16, native_exponent) * compute_share


def prompt_flops_s(
    peak_flops_16: FlopsPerSecond,
    peak_flops: FlopsPerSecond,
    prompt_compute_share: Count,
    native_exponent: Count,
) -> FlopsPerSecond:
    """Arithmetic that the large matrix products of prompts reach."""
    native = np.power(peak_flops / peak_flops_16, native_exponent)
    return peak_flops_16 * native * prompt_compute_share


def expert_rate(
    expert_peak_flops: FlopsPerSecond,
    peak_flops: FlopsPerSecond,
    expert_compute_share: Count,
    native_exponent: Count,
) -> Count:
    """Speed of the experts' arithmetic over that of the dense layers."""
    return np.power(expert_peak_flops / peak_flops, native_exponent) * expert_compute_share


def linear_flops(
    flops_per_token: Flops, expert_flops_per_token: Flops, expert_rate: Count
) -> Flops:
    """Operations of one token's projections and experts, experts at their own speed."""
    return flops_per_token + expert_flops_per_token / expert_rate


def dense_kept_share(dense_converted: Count, dequant_share: Count) -> Count:
    """What is left of a share where dense weights are converted before they are multiplied."""
    return np.where(dense_converted > 0, dequant_share, 1.0)


def experts_kept_share(experts_converted: Count, expert_dequant_share: Count) -> Count:
    """The same of experts."""
    return np.where(experts_converted > 0, expert_dequant_share, 1.0)


def weight_read_seconds(
    dense_read_bytes: Bytes,
    expert_bytes: Bytes,
    step_positions: Tokens,
    dp: Count,
    expert_count: Count,
    experts_per_token: Count,
    routing_exponent: Count,
    expert_bandwidth_share: Count,
    dense_kept_share: Count,
    experts_kept_share: Count,
    sustained_bytes_s: BytesPerSecond,
) -> Seconds:
    """Time to stream the weights of a step: dense ones, and the experts that the batch touches."""
    share = touched_experts_share(
        step_positions * dp, expert_count, experts_per_token, routing_exponent
    )
    experts = share * expert_bytes / (expert_bandwidth_share * experts_kept_share)
    return (dense_read_bytes / dense_kept_share + experts) / sustained_bytes_s


def moved_seconds(
    stage_batch: Requests,
    step_positions: Tokens,
    checked_tokens: Tokens,
    hidden_size: Count,
    layer_count: Count,
    activation_passes: Count,
    state_bytes_per_request: Bytes,
    sustained_bytes_s: BytesPerSecond,
) -> Seconds:
    """Time to move activations, to read recurrent states, and to write one for each position."""
    passes = activation_seconds(
        step_positions, hidden_size, layer_count, activation_passes, sustained_bytes_s
    )
    states = stage_batch * (1.0 + checked_tokens) * state_bytes_per_request
    return passes + states / sustained_bytes_s


def product_seconds(
    step_positions: Tokens,
    linear_flops: Flops,
    head_flops_per_token: Flops,
    sustained_flops_s: FlopsPerSecond,
    peak_flops_16: FlopsPerSecond,
    compute_share: Count,
) -> Seconds:
    """Time of the matrix products of a step; the output projection stays 16 bit."""
    head = head_flops_per_token / (peak_flops_16 * compute_share)
    return step_positions * (linear_flops / sustained_flops_s + head)


def cache_read_seconds(
    stage_batch: Requests,
    mean_context_tokens: Tokens,
    window_tokens: Tokens,
    kv_full_bytes_per_token: BytesPerToken,
    kv_window_bytes_per_token: BytesPerToken,
    bandwidth_bytes_s: BytesPerSecond,
    kv_bandwidth_share: Count,
    cascade: Count,
    prefixes: Count,
    long_prefix_tokens: Tokens,
    drafted_full_bytes_per_token: BytesPerToken,
    drafted_window_bytes_per_token: BytesPerToken,
) -> Seconds:
    """Time to read every request's cache, a prefix once where the engine reads it for all.

    What a draft's layers keep is read by the draft.

    vLLM's cascade attention needs one prefix of all that run, of 256 tokens, and 8 requests
    (use_cascade_attention in its FlashAttention backend).
    """
    inside = within_window(mean_context_tokens, window_tokens)
    full = kv_full_bytes_per_token - drafted_full_bytes_per_token
    windowed = kv_window_bytes_per_token - drafted_window_bytes_per_token
    read = mean_context_tokens * full + inside * windowed
    once = cascade * (prefixes <= 1.0) * (stage_batch >= CASCADE_REQUESTS)
    spared = once * (stage_batch - 1.0) * long_prefix_tokens * full
    return (stage_batch * read - spared) / (bandwidth_bytes_s * kv_bandwidth_share)


def attention_product_seconds(
    step_positions: Tokens,
    mean_context_tokens: Tokens,
    window_tokens: Tokens,
    decode_attention_flops_full: Flops,
    decode_attention_flops_window: Flops,
    peak_flops_16: FlopsPerSecond,
    decode_attention_share: Count,
) -> Seconds:
    """Time of scores and values of a step."""
    inside = within_window(mean_context_tokens, window_tokens)
    full = mean_context_tokens * decode_attention_flops_full
    work = step_positions * (full + inside * decode_attention_flops_window)
    return work / (peak_flops_16 * decode_attention_share)


def compute_seconds(product_seconds: Seconds, attention_product_seconds: Seconds) -> Seconds:
    """Arithmetic of a step."""
    return product_seconds + attention_product_seconds


def bandwidth_seconds(
    weight_read_seconds: Seconds, moved_seconds: Seconds, cache_read_seconds: Seconds
) -> Seconds:
    """Memory traffic of a step."""
    return weight_read_seconds + moved_seconds + cache_read_seconds


def engine_seconds(
    decode_launch_seconds: Seconds,
    running: Requests,
    step_launch_s: Seconds,
    request_step_s: Seconds,
) -> Seconds:
    """Launches of a step, and the scheduler's and sampler's work for it."""
    return decode_launch_seconds + step_launch_s + request_step_s * running


def step_seconds(
    weight_read_seconds: Seconds,
    moved_seconds: Seconds,
    product_seconds: Seconds,
    cache_read_seconds: Seconds,
    attention_product_seconds: Seconds,
    sharpness: Count,
    interconnect_seconds: Seconds,
    engine_seconds: Seconds,
    slowest_group: Count,
    timed: Count,
    draft_seconds: Seconds,
    adapter_seconds: Seconds,
) -> Seconds:
    """Time of a decode step: traffic and arithmetic overlap in part, the rest does not.

    A draft's passes come before it, and LoRA's kernels between the others. Attention groups differ
    by the caches of their requests, and wait for the slowest there. Unknown under settings that
    nobody models (`timed`).
    """
    linear = overlap_seconds(weight_read_seconds + moved_seconds, product_seconds, sharpness)
    attention = overlap_seconds(cache_read_seconds, attention_product_seconds, sharpness)
    work = linear + attention * slowest_group
    return (work + interconnect_seconds + engine_seconds + draft_seconds + adapter_seconds) * timed


TERMS = (
    in_flight,
    running,
    stage_batch,
    mean_context_tokens,
    sustained_bytes_s,
    sustained_flops_s,
    prompt_flops_s,
    expert_rate,
    linear_flops,
    dense_kept_share,
    experts_kept_share,
    weight_read_seconds,
    moved_seconds,
    product_seconds,
    cache_read_seconds,
    attention_product_seconds,
    compute_seconds,
    bandwidth_seconds,
    engine_seconds,
    step_seconds,
)
