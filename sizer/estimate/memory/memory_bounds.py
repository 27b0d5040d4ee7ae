"""Lower and upper bounds of the memory terms: 90 % of start-ups measured lie between.

Weights and reserve (activations and overhead) are off independently of each other, so what
depends on both is off by the root of the sum of squares.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerToken,
    Count,
    Gib,
    Requests,
    Tokens,
    Truth,
)
from sizer.units import GIB


def checkpoint_gib_low(checkpoint_gib: Gib, checkpoint_low_ratio: Count) -> Gib:
    """Files as small as measured ones were for their estimate."""
    return checkpoint_gib * checkpoint_low_ratio


def checkpoint_gib_high(checkpoint_gib: Gib, checkpoint_high_ratio: Count) -> Gib:
    """Files as large as measured ones were for their estimate."""
    return checkpoint_gib * checkpoint_high_ratio


def weights_gib_low(weights_gib: Gib, weights_low_ratio: Count) -> Gib:
    """Weights as light as measured ones were for their estimate."""
    return weights_gib * weights_low_ratio


def weights_gib_high(weights_gib: Gib, weights_high_ratio: Count) -> Gib:
    """Weights as heavy as measured ones were for their estimate."""
    return weights_gib * weights_high_ratio


def activations_gib_low(activations_gib: Gib, overhead_gib: Gib, reserve_low_bytes: Bytes) -> Gib:
    """Activations less their share of what the reserve may be smaller."""
    share = activations_gib / (activations_gib + overhead_gib)
    return np.maximum(activations_gib + share * reserve_low_bytes / GIB, 0.0)


def activations_gib_high(activations_gib: Gib, overhead_gib: Gib, reserve_high_bytes: Bytes) -> Gib:
    """Activations and their share of what the reserve may be larger."""
    share = activations_gib / (activations_gib + overhead_gib)
    return activations_gib + share * reserve_high_bytes / GIB


def overhead_gib_low(activations_gib: Gib, overhead_gib: Gib, reserve_low_bytes: Bytes) -> Gib:
    """Overhead less its share of what the reserve may be smaller."""
    share = overhead_gib / (activations_gib + overhead_gib)
    return np.maximum(overhead_gib + share * reserve_low_bytes / GIB, 0.0)


def overhead_gib_high(activations_gib: Gib, overhead_gib: Gib, reserve_high_bytes: Bytes) -> Gib:
    """Overhead and its share of what the reserve may be larger."""
    share = overhead_gib / (activations_gib + overhead_gib)
    return overhead_gib + share * reserve_high_bytes / GIB


def kv_cache_gib_low(kv_cache_gib: Gib, cache_low_ratio: Count) -> Gib:
    """Cache of this load as small as measured caches were."""
    return kv_cache_gib * cache_low_ratio


def kv_cache_gib_high(kv_cache_gib: Gib, cache_high_ratio: Count) -> Gib:
    """Cache of this load as large as measured caches were."""
    return kv_cache_gib * cache_high_ratio


def kv_bytes_per_token_low(
    kv_bytes_per_token: BytesPerToken, cache_low_ratio: Count
) -> BytesPerToken:
    """Cache of one token as small as measured caches were."""
    return kv_bytes_per_token * cache_low_ratio


def kv_bytes_per_token_high(
    kv_bytes_per_token: BytesPerToken, cache_high_ratio: Count
) -> BytesPerToken:
    """Cache of one token as large as measured caches were."""
    return kv_bytes_per_token * cache_high_ratio


def freed_gib(
    weights_gib: Gib,
    weights_gib_low: Gib,
    activations_gib: Gib,
    overhead_gib: Gib,
    reserve_low_bytes: Bytes,
) -> Gib:
    """How much less weights and reserve may take together."""
    reserve = np.minimum(-reserve_low_bytes / GIB, activations_gib + overhead_gib)
    return np.hypot(weights_gib - weights_gib_low, reserve)


def taken_gib(weights_gib: Gib, weights_gib_high: Gib, reserve_high_bytes: Bytes) -> Gib:
    """How much more weights and reserve may take together."""
    return np.hypot(weights_gib_high - weights_gib, reserve_high_bytes / GIB)


def memory_required_gib_low(
    memory_required_gib: Gib, freed_gib: Gib, kv_cache_gib: Gib, kv_cache_gib_low: Gib
) -> Gib:
    """Sum of the parts when they take little."""
    return memory_required_gib - np.hypot(freed_gib, kv_cache_gib - kv_cache_gib_low)


def memory_required_gib_high(
    memory_required_gib: Gib, taken_gib: Gib, kv_cache_gib: Gib, kv_cache_gib_high: Gib
) -> Gib:
    """Sum of the parts when they take much."""
    return memory_required_gib + np.hypot(taken_gib, kv_cache_gib_high - kv_cache_gib)


def memory_headroom_gib_low(usable_gib: Gib, memory_required_gib_high: Gib) -> Gib:
    """Usable memory that stays free when the parts take much."""
    return usable_gib - memory_required_gib_high


def memory_headroom_gib_high(usable_gib: Gib, memory_required_gib_low: Gib) -> Gib:
    """Usable memory that stays free when the parts take little."""
    return usable_gib - memory_required_gib_low


def kv_pool_gib_low(kv_pool_gib: Gib, taken_gib: Gib) -> Gib:
    """What the engine has left for the cache when weights and reserve take much."""
    return np.maximum(kv_pool_gib - taken_gib, 0.0)


def kv_pool_gib_high(
    usable_gib: Gib, weights_gib: Gib, activations_gib: Gib, overhead_gib: Gib, freed_gib: Gib
) -> Gib:
    """What the engine has left for the cache when weights and reserve take little."""
    left = usable_gib - weights_gib - activations_gib - overhead_gib
    return np.maximum(left + freed_gib, 0.0)


def max_concurrency_low(
    max_concurrency: Requests, kv_pool_gib: Gib, kv_pool_gib_low: Gib, cache_high_ratio: Count
) -> Requests:
    """Requests of `max_context` in the smaller pool, each as large as measured ones were."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(kv_pool_gib > 0, kv_pool_gib_low / kv_pool_gib, 0.0)
    return max_concurrency * share / cache_high_ratio


def max_concurrency_high(
    kv_pool_gib_high: Gib,
    request_bytes_at_max_context: Bytes,
    cache_low_ratio: Count,
    dp: Count,
    replicas: Count,
) -> Requests:
    """Requests of `max_context` in the larger pool, each as small as measured ones were."""
    with np.errstate(divide="ignore", invalid="ignore"):
        held = kv_pool_gib_high * GIB / (request_bytes_at_max_context * cache_low_ratio)
    return np.where(request_bytes_at_max_context > 0, held * dp * replicas, np.nan)


def kv_capacity_tokens_low(
    max_concurrency_low: Requests, max_context: Tokens, replicas: Count
) -> Tokens:
    """Tokens that the smaller pool of a replica holds."""
    return max_concurrency_low * max_context / replicas


def kv_capacity_tokens_high(
    max_concurrency_high: Requests, max_context: Tokens, replicas: Count
) -> Tokens:
    """Tokens that the larger pool of a replica holds."""
    return max_concurrency_high * max_context / replicas


def fits_surely(
    memory_headroom_gib_low: Gib,
    kv_pool_gib_low: Gib,
    request_bytes_at_max_context: Bytes,
    cache_high_ratio: Count,
) -> Truth:
    """Whether this load, and one request of `max_context`, fit when everything takes much."""
    promised = kv_pool_gib_low * GIB >= request_bytes_at_max_context * cache_high_ratio
    held = (memory_headroom_gib_low >= 0) & promised
    unknown = np.isnan(memory_headroom_gib_low) | np.isnan(request_bytes_at_max_context)
    return np.where(unknown, -1, held).astype(np.int8)


TERMS = (
    checkpoint_gib_low,
    checkpoint_gib_high,
    weights_gib_low,
    weights_gib_high,
    activations_gib_low,
    activations_gib_high,
    overhead_gib_low,
    overhead_gib_high,
    kv_cache_gib_low,
    kv_cache_gib_high,
    kv_bytes_per_token_low,
    kv_bytes_per_token_high,
    freed_gib,
    taken_gib,
    memory_required_gib_low,
    memory_required_gib_high,
    memory_headroom_gib_low,
    memory_headroom_gib_high,
    kv_pool_gib_low,
    kv_pool_gib_high,
    max_concurrency_low,
    max_concurrency_high,
    kv_capacity_tokens_low,
    kv_capacity_tokens_high,
    fits_surely,
)
