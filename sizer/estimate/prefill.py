"""Terms of reading prompts, and of steps that mix prompts with tokens."""

from __future__ import annotations

import numpy as np

from sizer.estimate.quantity import (
    Bytes,
    Count,
    Flops,
    Milliseconds,
    Numbers,
    Requests,
    Seconds,
    Tokens,
)

MS = 1e3


def prefill_flops(
    input_tokens: Tokens,
    flops_per_token: Flops,
    attention_flops_full: Flops,
    attention_flops_window: Flops,
    window_tokens: Tokens,
) -> Flops:
    """Operations of one prompt on one device: linear, and causal attention's half square."""
    full = attention_flops_full * input_tokens / 2
    seen = np.minimum(window_tokens, input_tokens / 2)
    return input_tokens * (flops_per_token + full + attention_flops_window * seen)


def prefill_chunks(input_tokens: Tokens, max_num_batched_tokens: Tokens) -> Count:
    """Steps that a prompt takes under the engine's token budget."""
    return np.ceil(input_tokens / max_num_batched_tokens)


def prefill_bytes(
    dense_read_bytes: Bytes,
    expert_read_bytes: Bytes,
    prefill_chunks: Count,
    input_tokens: Tokens,
    expert_share: Count,
) -> Bytes:
    """Weights read once a chunk, experts as far as the chunk's tokens touch them."""
    with np.errstate(divide="ignore"):
        touched = -np.expm1(input_tokens / prefill_chunks * np.log1p(-expert_share))
    return prefill_chunks * (dense_read_bytes + expert_read_bytes * touched)


def prefill_interconnect_seconds(
    input_tokens: Tokens,
    hidden_size: Count,
    layer_count: Count,
    tp: Count,
    link_bytes_s: Numbers,
    link_share: Count,
) -> Seconds:
    """Two all-reduces of every prompt token a layer (ring)."""
    wire = 2 * (1 - 1 / tp) * input_tokens * hidden_size * 2.0 / (link_bytes_s * link_share)
    return np.where(tp > 1, 2 * layer_count * wire, 0.0)


def prefill_work_seconds(
    prefill_flops: Flops,
    peak_flops: Numbers,
    prefill_compute_share: Count,
    prefill_bytes: Bytes,
    bandwidth_bytes_s: Numbers,
    bandwidth_share: Count,
    prefill_interconnect_seconds: Seconds,
) -> Seconds:
    """Time that one prompt occupies the devices: arithmetic or weight traffic, and the link."""
    arithmetic = prefill_flops / (peak_flops * prefill_compute_share)
    traffic = prefill_bytes / (bandwidth_bytes_s * bandwidth_share)
    return np.maximum(arithmetic, traffic) + prefill_interconnect_seconds


def prefill_seconds(
    prefill_work_seconds: Seconds,
    prefill_chunks: Count,
    engine_seconds: Seconds,
    prefill_launch_s: Seconds,
) -> Seconds:
    """Time to read one prompt alone, launches and request handling included."""
    return prefill_work_seconds + prefill_chunks * engine_seconds + prefill_launch_s


def prefill_ms(prefill_seconds: Seconds) -> Milliseconds:
    """Time to read one prompt, alone."""
    return prefill_seconds * MS


def others_prefill_seconds(
    running: Requests, prefill_work_seconds: Seconds, output_tokens: Tokens, pp: Count
) -> Seconds:
    """Others' prompts per token of one request: every request in flight is replaced once a life."""
    return (running - 1) * prefill_work_seconds / (output_tokens * pp)


def token_seconds(
    step_seconds: Seconds, others_prefill_seconds: Seconds, static_batching: Count
) -> Seconds:
    """Mean time between tokens: a decode step, and others' prompts unless static."""
    return step_seconds + others_prefill_seconds * (1 - static_batching)


def itl_ms(token_seconds: Seconds) -> Milliseconds:
    """Mean time between output tokens of one request."""
    return token_seconds * MS


def queue_seconds(
    running: Requests,
    prefill_work_seconds: Seconds,
    token_seconds: Seconds,
    output_tokens: Tokens,
    queue_share: Count,
    static_batching: Count,
) -> Seconds:
    """Wait behind other prompts: their share of the time, up to all of them at once.

    Requests in flight see (n - 1) prompts a life; one that arrives waits for those before it,
    a share `queue_share` of what is busy with prompts. A static batch reads all prompts first.
    """
    others = (running - 1) * prefill_work_seconds
    busy = others / (others + output_tokens * token_seconds)
    return others * np.where(static_batching > 0, 1.0, queue_share * busy)


def backlog_seconds(
    batch: Requests, running: Requests, token_seconds: Seconds, output_tokens: Tokens
) -> Seconds:
    """Wait of requests beyond the engine's limit, until others end."""
    return (batch - running) / running * token_seconds * output_tokens


def ttft_ms(
    prefill_seconds: Seconds,
    queue_seconds: Seconds,
    backlog_seconds: Seconds,
    step_seconds: Seconds,
    batch: Requests,
) -> Milliseconds:
    """Prompt alone, the wait behind others, and half a step of those that decode."""
    joining = np.where(batch > 1, step_seconds / 2, 0.0)
    return (prefill_seconds + queue_seconds + backlog_seconds + joining) * MS


TERMS = (
    prefill_flops,
    prefill_chunks,
    prefill_bytes,
    prefill_interconnect_seconds,
    prefill_work_seconds,
    prefill_seconds,
    prefill_ms,
    others_prefill_seconds,
    token_seconds,
    itl_ms,
    queue_seconds,
    backlog_seconds,
    ttft_ms,
)
