"""Terms of memory on one accelerator, and of what the cache of a replica holds."""

from __future__ import annotations

import numpy as np

from sizer.estimate.quantity import (
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
    """Weights of the pipeline stage that holds the most, divided by tensor parallelism."""
    return weight_bytes / GIB


def sequence_tokens(input_tokens: Tokens, output_tokens: Tokens) -> Tokens:
    """Length of a request at its end."""
    return input_tokens + output_tokens


def request_bytes_at_end(
    sequence_tokens: Tokens,
    kv_full_bytes_per_token: BytesPerToken,
    kv_window_bytes_per_token: BytesPerToken,
    window_tokens: Tokens,
    state_bytes_per_request: Bytes,
    stage_share: Count,
) -> Bytes:
    """Cache of one request of this load on one accelerator: full, windowed and state layers."""
    windowed = kv_window_bytes_per_token * np.minimum(sequence_tokens, window_tokens)
    full = kv_full_bytes_per_token * sequence_tokens
    return (full + windowed + state_bytes_per_request) * stage_share


def kv_cache_gib(batch: Requests, request_bytes_at_end: Bytes) -> Gib:
    """Cache of all requests in flight when each has reached its end."""
    return batch * request_bytes_at_end / GIB


def activations_gib(activation_gib: Gib) -> Gib:
    """Peak of activations that vLLM's profiling run sees, by architecture (config_explorer)."""
    return activation_gib


def overhead_gib(non_torch_gib: Gib) -> Gib:
    """CUDA context and NCCL buffers, outside PyTorch's allocator (config_explorer)."""
    return non_torch_gib


def usable_gib(gpu_memory_gib: Gib, gpu_memory_utilization: Count) -> Gib:
    """Memory that the engine may take of what the device reports."""
    return gpu_memory_gib * gpu_memory_utilization


def memory_required_gib(
    weights_gib: Gib, kv_cache_gib: Gib, activations_gib: Gib, overhead_gib: Gib
) -> Gib:
    """Sum of weights, cache of this load, activations and overhead."""
    return weights_gib + kv_cache_gib + activations_gib + overhead_gib


def memory_headroom_gib(usable_gib: Gib, memory_required_gib: Gib) -> Gib:
    """Usable memory that stays free; negative when the load does not fit."""
    return usable_gib - memory_required_gib


def kv_pool_gib(usable_gib: Gib, weights_gib: Gib, activations_gib: Gib, overhead_gib: Gib) -> Gib:
    """What the engine has left for the cache; 0 when the weights alone do not fit."""
    return np.maximum(usable_gib - weights_gib - activations_gib - overhead_gib, 0.0)


def kv_bytes_per_token(
    kv_full_bytes_per_token: BytesPerToken,
    kv_window_bytes_per_token: BytesPerToken,
    tp: Count,
) -> BytesPerToken:
    """Cache of one token over the devices of one replica, replicated heads included."""
    return (kv_full_bytes_per_token + kv_window_bytes_per_token) * tp


def request_bytes_at_max_context(
    max_context: Tokens,
    kv_full_bytes_per_token: BytesPerToken,
    kv_window_bytes_per_token: BytesPerToken,
    window_tokens: Tokens,
    state_bytes_per_request: Bytes,
    stage_share: Count,
) -> Bytes:
    """Cache of one request of `max_context` tokens on one accelerator."""
    windowed = kv_window_bytes_per_token * np.minimum(max_context, window_tokens)
    full = kv_full_bytes_per_token * max_context
    return (full + windowed + state_bytes_per_request) * stage_share


def max_concurrency(
    kv_pool_gib: Gib, request_bytes_at_max_context: Bytes, dp: Count, replicas: Count
) -> Requests:
    """Requests of `max_context` that the pools of all attention groups of all replicas hold."""
    return _share(kv_pool_gib * GIB, request_bytes_at_max_context) * dp * replicas


def kv_capacity_tokens(max_concurrency: Requests, max_context: Tokens, replicas: Count) -> Tokens:
    """Tokens that the pool of a replica holds, in requests of `max_context` as vLLM counts."""
    return max_concurrency * max_context / replicas


def fits(memory_headroom_gib: Gib, kv_pool_gib: Gib, request_bytes_at_max_context: Bytes) -> Truth:
    """Whether this load fits, and one request of `max_context`, without which no engine starts."""
    promised = kv_pool_gib * GIB >= request_bytes_at_max_context
    held = (memory_headroom_gib >= 0) & promised
    unknown = np.isnan(memory_headroom_gib) | np.isnan(request_bytes_at_max_context)
    return np.where(unknown, -1, held).astype(np.int8)


def _share(pool: Numbers, each: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(each > 0, pool / each, np.nan)


TERMS = (
    weights_gib,
    sequence_tokens,
    request_bytes_at_end,
    kv_cache_gib,
    activations_gib,
    overhead_gib,
    usable_gib,
    memory_required_gib,
    memory_headroom_gib,
    kv_pool_gib,
    kv_bytes_per_token,
    request_bytes_at_max_context,
    max_concurrency,
    kv_capacity_tokens,
    fits,
)
