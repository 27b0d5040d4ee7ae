"""Lower and upper bounds of the memory terms: 90 % of start-ups measured lie between.

Weights and reserve (activations and overhead) are off independently of each other, so what
depends on both is off by the root of the sum of squares.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.interval import at_ends, scaled
from sizer.estimate.columns.quantity import Bytes, Count, Gib, Requests, Truth
from sizer.estimate.memory.memory import (
    kv_capacity_tokens,
    memory_headroom_share,
)
from sizer.units import GIB


def activations_gib(activations_gib: Gib, overhead_gib: Gib, reserve_bytes: Bytes) -> Gib:
    """Activations and their share of what the reserve differs by."""
    share = activations_gib / (activations_gib + overhead_gib)
    return np.maximum(activations_gib + share * reserve_bytes / GIB, 0.0)


def overhead_gib(activations_gib: Gib, overhead_gib: Gib, reserve_bytes: Bytes) -> Gib:
    """Overhead and its share of what the reserve differs by."""
    share = overhead_gib / (activations_gib + overhead_gib)
    return np.maximum(overhead_gib + share * reserve_bytes / GIB, 0.0)


def freed_gib(
    weights_gib: Gib,
    weights_gib_low: Gib,
    activations_gib: Gib,
    overhead_gib: Gib,
    reserve_bytes_low: Bytes,
) -> Gib:
    """How much less weights and reserve may take together."""
    reserve = np.minimum(-reserve_bytes_low / GIB, activations_gib + overhead_gib)
    return np.hypot(weights_gib - weights_gib_low, reserve)


def taken_gib(weights_gib: Gib, weights_gib_high: Gib, reserve_bytes_high: Bytes) -> Gib:
    """How much more weights and reserve may take together."""
    return np.hypot(weights_gib_high - weights_gib, reserve_bytes_high / GIB)


def pool_freed_gib(freed_gib: Gib, fixed_pool_gib: Gib) -> Gib:
    """How much larger the cache may be; one that is asked for is as large as that."""
    return np.where(np.isnan(fixed_pool_gib), freed_gib, 0.0)


def pool_taken_gib(taken_gib: Gib, fixed_pool_gib: Gib) -> Gib:
    """How much smaller the cache may be; one that is asked for is as large as that."""
    return np.where(np.isnan(fixed_pool_gib), taken_gib, 0.0)


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


def memory_headroom_gib_low(
    usable_gib: Gib,
    memory_required_gib: Gib,
    pool_taken_gib: Gib,
    kv_cache_gib: Gib,
    kv_cache_gib_high: Gib,
    room_beside_gib: Gib,
    taken_gib: Gib,
) -> Gib:
    """Usable memory that stays free when everything takes much."""
    more = np.hypot(pool_taken_gib, kv_cache_gib_high - kv_cache_gib)
    return np.minimum(usable_gib - memory_required_gib - more, room_beside_gib - taken_gib)


def memory_headroom_gib_high(
    usable_gib: Gib,
    memory_required_gib: Gib,
    pool_freed_gib: Gib,
    kv_cache_gib: Gib,
    kv_cache_gib_low: Gib,
    room_beside_gib: Gib,
    freed_gib: Gib,
) -> Gib:
    """Usable memory that stays free when everything takes little."""
    less = np.hypot(pool_freed_gib, kv_cache_gib - kv_cache_gib_low)
    return np.minimum(usable_gib - memory_required_gib + less, room_beside_gib + freed_gib)


def kv_pool_gib_low(kv_pool_gib: Gib, pool_taken_gib: Gib) -> Gib:
    """What the engine has left for the cache when weights and reserve take much."""
    return np.maximum(kv_pool_gib - pool_taken_gib, 0.0)


def kv_pool_gib_high(usable_gib: Gib, reserved_gib: Gib, pool_freed_gib: Gib) -> Gib:
    """What the engine has left for the cache when weights and reserve take little."""
    return np.maximum(usable_gib - reserved_gib + pool_freed_gib, 0.0)


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
    state_requests: Requests,
    longest_requests: Requests,
    dp: Count,
    replicas: Count,
) -> Requests:
    """Requests of `max_context` in the larger pool, each as small as measured ones were."""
    with np.errstate(divide="ignore", invalid="ignore"):
        held = kv_pool_gib_high * GIB / (request_bytes_at_max_context * cache_low_ratio)
    held = np.minimum(held, np.minimum(state_requests, longest_requests))
    return np.where(request_bytes_at_max_context > 0, held * dp * replicas, np.nan)


def fits_surely(
    memory_headroom_gib_low: Gib,
    kv_pool_gib_low: Gib,
    request_bytes_at_start: Bytes,
    cache_high_ratio: Count,
    grounded: Count,
    state_requests: Requests,
    longest_requests: Requests,
) -> Truth:
    """Whether this load fits, and what a start asks for, when everything takes much.

    Never where a part of the model is not counted, or where no start-up of the engine, of its
    release or on accelerators of the maker was measured.
    """
    promised = kv_pool_gib_low * GIB >= request_bytes_at_start * cache_high_ratio
    promised &= (state_requests >= 1) & (longest_requests >= 1) & (grounded > 0)
    held = (memory_headroom_gib_low >= 0) & promised
    unknown = np.isnan(memory_headroom_gib_low) | np.isnan(request_bytes_at_start)
    return np.where(unknown, -1, held).astype(np.int8)


TERMS = (
    *scaled("checkpoint_gib", "checkpoint"),
    *scaled("weights_gib", "weights"),
    *at_ends(activations_gib, same=("reserve_bytes",)),
    *at_ends(overhead_gib, same=("reserve_bytes",)),
    *scaled("kv_cache_gib", "cache"),
    *scaled("kv_bytes_per_token", "cache"),
    freed_gib,
    taken_gib,
    pool_freed_gib,
    pool_taken_gib,
    memory_required_gib_low,
    memory_required_gib_high,
    memory_headroom_gib_low,
    memory_headroom_gib_high,
    *at_ends(memory_headroom_share, same=("memory_headroom_gib",)),
    kv_pool_gib_low,
    kv_pool_gib_high,
    max_concurrency_low,
    max_concurrency_high,
    *at_ends(kv_capacity_tokens, same=("max_concurrency",)),
    fits_surely,
)
