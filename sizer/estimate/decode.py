"""Terms of one decode step: every running request gets a token.

Floors are those of Williams et al. (Roofline, 2009); shares of the peaks that kernels reach,
launch costs and the latency of a collective are constants of the calibration.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.quantity import (
    Bytes,
    BytesPerToken,
    Code,
    Count,
    Flops,
    Milliseconds,
    Numbers,
    Requests,
    Seconds,
    Tokens,
    Truth,
)

MS = 1e3


def batch(concurrency: Requests, replicas: Count) -> Requests:
    """Requests in flight on one replica, its share rounded up."""
    return np.ceil(concurrency / replicas)


def running(batch: Requests, max_num_seqs: Requests) -> Requests:
    """Requests that the engine decodes together; the others wait."""
    return np.minimum(batch, max_num_seqs)


def stage_batch(running: Requests, pp: Count) -> Requests:
    """Requests of one micro-batch: pipeline stages work on different ones."""
    return np.maximum(running / pp, 1.0)


def mean_context_tokens(input_tokens: Tokens, output_tokens: Tokens) -> Tokens:
    """Mean length of a request while it decodes."""
    return input_tokens + output_tokens / 2


def touched_share(stage_batch: Requests, expert_share: Count) -> Count:
    """Share of the experts that a batch reads: 1 - (1 - k/E)^batch for uniform routing."""
    with np.errstate(divide="ignore"):
        return -np.expm1(stage_batch * np.log1p(-expert_share))


def context_bytes(
    mean_context_tokens: Tokens,
    kv_full_bytes_per_token: BytesPerToken,
    kv_window_bytes_per_token: BytesPerToken,
    window_tokens: Tokens,
    state_bytes_per_request: Bytes,
) -> Bytes:
    """Cache and state that one request's token reads on one device, over all stages."""
    windowed = kv_window_bytes_per_token * np.minimum(mean_context_tokens, window_tokens)
    return kv_full_bytes_per_token * mean_context_tokens + windowed + 2 * state_bytes_per_request


def step_bytes(
    dense_read_bytes: Bytes,
    expert_read_bytes: Bytes,
    touched_share: Count,
    stage_batch: Requests,
    context_bytes: Bytes,
) -> Bytes:
    """Bytes that one device reads in a step: weights once, cache for every request."""
    weights = dense_read_bytes + expert_read_bytes * touched_share
    return weights + stage_batch * context_bytes


def bandwidth_seconds(
    step_bytes: Bytes,
    bandwidth_bytes_s: Numbers,
    bandwidth_share: Count,
    ramp_bytes: Bytes,
    tp: Count,
) -> Seconds:
    """Time of the step's memory traffic at the share of the bandwidth that kernels reach."""
    return (step_bytes + ramp_bytes * (1 - 1 / tp)) / (bandwidth_bytes_s * bandwidth_share)


def attention_flops(
    mean_context_tokens: Tokens,
    attention_flops_full: Flops,
    attention_flops_window: Flops,
    window_tokens: Tokens,
) -> Flops:
    """Operations of one token over its context."""
    windowed = attention_flops_window * np.minimum(mean_context_tokens, window_tokens)
    return attention_flops_full * mean_context_tokens + windowed


def step_flops(stage_batch: Requests, flops_per_token: Flops, attention_flops: Flops) -> Flops:
    """Operations of one device in a step: 2 per active parameter and token, plus attention."""
    return stage_batch * (flops_per_token + attention_flops)


def compute_seconds(step_flops: Flops, peak_flops: Numbers, decode_compute_share: Count) -> Seconds:
    """Time of the step's arithmetic at the share of the peak that skinny products reach."""
    return step_flops / (peak_flops * decode_compute_share)


def interconnect_seconds(
    stage_batch: Requests,
    hidden_size: Count,
    layer_count: Count,
    tp: Count,
    pp: Count,
    link_bytes_s: Numbers,
    link_share: Count,
    collective_latency_s: Seconds,
) -> Seconds:
    """Two all-reduces a layer over the tensor-parallel group (ring), and stage hand-overs."""
    message = stage_batch * hidden_size * 2.0
    wire = 2 * (1 - 1 / tp) * message / (link_bytes_s * link_share)
    reduces = np.where(tp > 1, 2 * layer_count * (wire + collective_latency_s), 0.0)
    hops = np.where(
        pp > 1, (pp - 1) * (message / (link_bytes_s * link_share) + collective_latency_s), 0.0
    )
    return reduces + hops


def engine_seconds(
    layer_count: Count,
    moe_layer_count: Count,
    stage_batch: Requests,
    layer_launch_s: Seconds,
    moe_layer_launch_s: Seconds,
    step_launch_s: Seconds,
    request_step_s: Seconds,
) -> Seconds:
    """Launches of every layer, and the scheduler's and sampler's work for a step."""
    launches = layer_count * layer_launch_s + moe_layer_count * moe_layer_launch_s
    return launches + step_launch_s + stage_batch * request_step_s


def step_seconds(
    bandwidth_seconds: Seconds,
    compute_seconds: Seconds,
    interconnect_seconds: Seconds,
    engine_seconds: Seconds,
) -> Seconds:
    """Time of a decode step: memory and arithmetic overlap, the rest does not."""
    overlapped = np.maximum(bandwidth_seconds, compute_seconds)
    return overlapped + interconnect_seconds + engine_seconds


def decode_step_ms(step_seconds: Seconds) -> Milliseconds:
    """Time of one decode step without other requests' prefill."""
    return step_seconds * MS


def compute_ms(compute_seconds: Seconds) -> Milliseconds:
    """Arithmetic of a decode step."""
    return compute_seconds * MS


def bandwidth_ms(bandwidth_seconds: Seconds) -> Milliseconds:
    """Memory traffic of a decode step."""
    return bandwidth_seconds * MS


def interconnect_ms(interconnect_seconds: Seconds) -> Milliseconds:
    """Collectives of a decode step."""
    return interconnect_seconds * MS


def engine_ms(engine_seconds: Seconds) -> Milliseconds:
    """Launches and scheduling of a decode step."""
    return engine_seconds * MS


def compute_bound(compute_seconds: Seconds, bandwidth_seconds: Seconds) -> Truth:
    """Whether arithmetic takes longer than memory traffic in a decode step."""
    unknown = np.isnan(compute_seconds) | np.isnan(bandwidth_seconds)
    return np.where(unknown, -1, compute_seconds > bandwidth_seconds).astype(np.int8)


def bottleneck(
    compute_seconds: Seconds,
    bandwidth_seconds: Seconds,
    interconnect_seconds: Seconds,
    engine_seconds: Seconds,
) -> Code:
    """The part of a decode step that takes the longest, as a code of the registry's members."""
    parts = np.stack((compute_seconds, bandwidth_seconds, interconnect_seconds, engine_seconds))
    longest = np.argmax(parts, axis=0)
    return np.where(np.isnan(parts).any(axis=0), -1, longest).astype(np.int32)


TERMS = (
    batch,
    running,
    stage_batch,
    mean_context_tokens,
    touched_share,
    context_bytes,
    step_bytes,
    bandwidth_seconds,
    attention_flops,
    step_flops,
    compute_seconds,
    interconnect_seconds,
    engine_seconds,
    step_seconds,
    decode_step_ms,
    compute_ms,
    bandwidth_ms,
    interconnect_ms,
    engine_ms,
    compute_bound,
    bottleneck,
)
