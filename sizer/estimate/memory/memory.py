"""Terms of memory on one accelerator, and of what the cache of a replica holds."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerToken,
    Count,
    Gib,
    Numbers,
    Requests,
    Tokens,
    Truth,
)
from sizer.units import GIB


def weights_gib(weight_bytes: Bytes) -> Gib:
    """Weights on one accelerator of the pipeline stage that leaves the least room."""
    return weight_bytes / GIB


def sequence_tokens(input_tokens: Tokens, output_tokens: Tokens) -> Tokens:
    """Length of a request at its end."""
    return input_tokens + output_tokens


def request_bytes_at_end(
    sequence_tokens: Tokens,
    full_block_bytes: Bytes,
    full_block_tokens: Tokens,
    window_block_bytes: Bytes,
    window_block_tokens: Tokens,
    kept_window_tokens: Tokens,
    fixed_request_bytes: Bytes,
    pending_bytes_at_end: Bytes,
    window_pool_share: Count,
) -> Bytes:
    """Cache of one request of this load on one accelerator while it decodes, in whole blocks."""
    full = full_block_bytes * np.ceil(sequence_tokens / full_block_tokens)
    kept = np.minimum(kept_window_tokens, sequence_tokens)
    windowed = window_block_bytes * np.ceil(kept / window_block_tokens)
    held = _of_pools(full, windowed, window_pool_share)
    return held + pending_bytes_at_end + fixed_request_bytes


def chunk_bytes(
    sequence_tokens: Tokens,
    window_block_bytes: Bytes,
    window_block_tokens: Tokens,
    kept_window_tokens: Tokens,
    tokens_in_flight: Tokens,
    pending_bytes_in_prompt: Bytes,
    pending_bytes_at_end: Bytes,
) -> Bytes:
    """What the windows of the request that is in its prompt hold beyond those that decode."""
    span = kept_window_tokens - 1.0 + tokens_in_flight
    prompt = np.minimum(span, sequence_tokens) / window_block_tokens
    kept = np.minimum(kept_window_tokens, sequence_tokens) / window_block_tokens
    blocks: Numbers = np.ceil(prompt) - np.ceil(kept)
    return window_block_bytes * blocks + pending_bytes_in_prompt - pending_bytes_at_end


def activations_gib(
    activation_bytes: Bytes,
    whole_prompt_bytes_per_token: BytesPerToken,
    whole_prompt_tokens: Tokens,
    workspace_bytes: Bytes,
    gathered_bytes_per_token: BytesPerToken,
    max_context: Tokens,
) -> Gib:
    """Peak of activations in vLLM's profiling run: the widest layer or the sampler.

    An engine that does not cut prompts so long takes a step as long as the longest prompt. Keys
    that an index gathers lie in the workspace of experts, or beyond it.
    """
    step = np.where(max_context <= whole_prompt_tokens, max_context, 0.0)
    beyond = np.maximum(gathered_bytes_per_token * max_context - workspace_bytes, 0.0)
    return (np.maximum(activation_bytes, whole_prompt_bytes_per_token * step) + beyond) / GIB


def overhead_gib(overhead_bytes: Bytes) -> Gib:
    """CUDA context and communicators outside the allocator, and graphs within the budget."""
    return overhead_bytes / GIB


def reserved_gib(weights_gib: Gib, activations_gib: Gib, overhead_gib: Gib) -> Gib:
    """Memory of an engine beside its cache."""
    return weights_gib + activations_gib + overhead_gib


def usable_gib(
    gpu_memory_gib: Gib, usable_share: Count, fixed_pool_gib: Gib, reserved_gib: Gib
) -> Gib:
    """Memory that the engine may take of what the device reports.

    That is all of it where an engine's share is of weights and pools alone (SGLang): what it
    leaves aside is overhead then. With a cache that is asked for, it is that and what the engine
    needs beside it.
    """
    share = gpu_memory_gib * usable_share
    return np.where(np.isnan(fixed_pool_gib), share, reserved_gib + fixed_pool_gib)


def memory_required_gib(
    weights_gib: Gib, kv_cache_gib: Gib, activations_gib: Gib, overhead_gib: Gib
) -> Gib:
    """Sum of weights, cache of this load, activations and overhead."""
    return weights_gib + kv_cache_gib + activations_gib + overhead_gib


def room_beside_gib(usable_gib: Gib, gpu_memory_gib: Gib, fixed_pool_gib: Gib) -> Gib:
    """What a cache that is asked for leaves of the device; endless where none is."""
    return np.where(np.isnan(fixed_pool_gib), np.inf, gpu_memory_gib - usable_gib)


def memory_headroom_gib(usable_gib: Gib, memory_required_gib: Gib, room_beside_gib: Gib) -> Gib:
    """Usable memory that stays free; negative when the load does not fit.

    It does not either where a cache that is asked for has no room on the device.
    """
    return np.minimum(usable_gib - memory_required_gib, room_beside_gib)


def memory_headroom_share(memory_headroom_gib: Gib, gpu_memory_gib: Gib) -> Count:
    """Headroom over what the device reports as its memory; negative as the headroom is."""
    return memory_headroom_gib / gpu_memory_gib


def kv_pool_gib(usable_gib: Gib, reserved_gib: Gib, fixed_pool_gib: Gib) -> Gib:
    """What the engine has left for the cache, or what was asked for; 0 when weights do not fit."""
    left = np.maximum(usable_gib - reserved_gib, 0.0)
    return np.where(np.isnan(fixed_pool_gib), left, fixed_pool_gib)


def kv_bytes_per_token(
    kv_full_bytes_per_token: BytesPerToken,
    kv_window_bytes_per_token: BytesPerToken,
    tp: Count,
    context_ranks: Count,
) -> BytesPerToken:
    """Cache of one token over the devices of one replica, replicated heads included."""
    return (kv_full_bytes_per_token / context_ranks + kv_window_bytes_per_token) * tp


def request_bytes_at_max_context(
    max_context: Tokens,
    full_block_bytes: Bytes,
    full_block_tokens: Tokens,
    window_block_bytes: Bytes,
    window_block_tokens: Tokens,
    kept_window_tokens: Tokens,
    tokens_in_flight: Tokens,
    fixed_request_bytes: Bytes,
    pending_bytes_at_max_context: Bytes,
    window_pool_share: Count,
) -> Bytes:
    """Cache of one request of `max_context` on one accelerator, all steps in flight included."""
    full = full_block_bytes * np.ceil(max_context / full_block_tokens)
    span = np.minimum(kept_window_tokens - 1.0 + tokens_in_flight, max_context)
    windowed = window_block_bytes * np.ceil(span / window_block_tokens)
    held = _of_pools(full, windowed, window_pool_share)
    return held + pending_bytes_at_max_context + fixed_request_bytes


def request_bytes_at_start(
    max_context: Tokens,
    start_full_block_bytes: Bytes,
    full_block_tokens: Tokens,
    start_window_block_bytes: Bytes,
    window_block_tokens: Tokens,
    kept_window_tokens: Tokens,
    tokens_in_flight: Tokens,
    start_fixed_request_bytes: Bytes,
    pending_bytes_at_start: Bytes,
    window_pool_share: Count,
) -> Bytes:
    """Cache of one request of `max_context` as an engine's check at its start counts it.

    It is 0 for an engine without such a check, as SGLang is.
    """
    return request_bytes_at_max_context(
        max_context,
        start_full_block_bytes,
        full_block_tokens,
        start_window_block_bytes,
        window_block_tokens,
        kept_window_tokens,
        tokens_in_flight,
        start_fixed_request_bytes,
        pending_bytes_at_start,
        window_pool_share,
    )


def max_concurrency(
    kv_pool_gib: Gib,
    block_bytes: Bytes,
    request_bytes_at_max_context: Bytes,
    state_requests: Requests,
    longest_requests: Requests,
    dp: Count,
    replicas: Count,
) -> Requests:
    """Requests of `max_context` that the pools of all attention groups of all replicas hold."""
    whole = np.floor(kv_pool_gib * GIB / np.maximum(block_bytes, 1.0)) * block_bytes
    held = np.minimum(_share(whole, request_bytes_at_max_context), state_requests)
    held = np.minimum(held, longest_requests)
    return held * dp * replicas


def kv_capacity_tokens(max_concurrency: Requests, max_context: Tokens, replicas: Count) -> Tokens:
    """Tokens that the pool of a replica holds, in requests of `max_context` as vLLM counts."""
    return max_concurrency * max_context / replicas


def fits(
    memory_headroom_gib: Gib,
    kv_pool_gib: Gib,
    request_bytes_at_start: Bytes,
    state_requests: Requests,
    longest_requests: Requests,
) -> Truth:
    """Whether this load fits, and what the engine wants free at its start.

    That is room for one request of `max_context`, but for SGLang, which cuts requests to its pool.
    """
    promised = (kv_pool_gib * GIB >= request_bytes_at_start) & (state_requests >= 1)
    promised &= longest_requests >= 1
    held = (memory_headroom_gib >= 0) & promised
    unknown = np.isnan(memory_headroom_gib) | np.isnan(request_bytes_at_start)
    return np.where(unknown, -1, held).astype(np.int8)


def _of_pools(full: Numbers, windowed: Numbers, window_share: Numbers) -> Numbers:
    """Return what a request takes of both pools: where windows have their own, by the scarcer."""
    apart = np.maximum(full / (1.0 - window_share), windowed / np.maximum(window_share, 1e-9))
    return np.where(window_share > 0, apart, full + windowed)


def _share(pool: Numbers, each: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(each > 0, pool / each, np.nan)


TERMS = (
    weights_gib,
    sequence_tokens,
    request_bytes_at_end,
    chunk_bytes,
    activations_gib,
    overhead_gib,
    reserved_gib,
    usable_gib,
    memory_required_gib,
    room_beside_gib,
    memory_headroom_gib,
    memory_headroom_share,
    kv_pool_gib,
    kv_bytes_per_token,
    request_bytes_at_max_context,
    request_bytes_at_start,
    max_concurrency,
    kv_capacity_tokens,
    fits,
)
