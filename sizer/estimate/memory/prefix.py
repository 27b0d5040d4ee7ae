"""Terms of a prefix that requests share: its blocks are held once, and found again.

Each of `prefix_groups` has a prefix of its own. A router that keeps a group on one replica
(`affine`) spreads prefixes over the caches; one that does not (`round_robin`) brings all of them
to each cache.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Bytes, Count, Gib, Numbers, Requests, Tokens
from sizer.units import GIB


def prefixes(prefix_groups: Count, least_prefixes: Count, replicas: Count, dp: Count) -> Count:
    """Distinct prefixes that come to the cache of one attention group."""
    return np.maximum(prefix_groups / (replicas * dp), least_prefixes)


def prefix_bytes(
    shared_prefix_tokens: Tokens,
    full_block_bytes: Bytes,
    full_block_tokens: Tokens,
    window_pool_share: Count,
) -> Bytes:
    """Whole blocks of one prefix on one accelerator, in layers that see all of it."""
    whole = np.floor(shared_prefix_tokens / full_block_tokens) * full_block_bytes
    return whole / (1.0 - window_pool_share)


def prefix_hits(kv_pool_gib: Gib, mean_request_bytes: Bytes, prefixes: Count) -> Count:
    """Share of requests whose prefix is in the cache, least recently used blocks going first.

    Between two requests of one group come those of all others, each with its prefix and its own
    blocks: what has room of that is found (stack distance of Mattson et al., IBM Syst. J., 1970).
    """
    passing = prefixes * np.maximum(mean_request_bytes, 1.0)
    return np.minimum(kv_pool_gib * GIB / passing, 1.0)


def near_share(
    prefix_hit_share: Count, prefix_share: Count, prefix_hits: Count, kept_history_share: Count
) -> Count:
    """Share of a prompt that the cache of the accelerators holds already, in the mean.

    A shared prefix is found as often as it is kept, a history too, and of the rest the share that
    is given.
    """
    return prefix_hit_share + prefix_share * prefix_hits + kept_history_share


def cached_prompt_share(near_share: Count, read_share: Count) -> Count:
    """Share of a prompt that need not be computed: what accelerators hold, and what is read."""
    return near_share + read_share


def admitted_requests(
    kv_pool_gib: Gib,
    mean_request_bytes: Bytes,
    prefix_bytes: Bytes,
    prefixes: Count,
    max_num_seqs: Requests,
    state_requests: Requests,
    slot_requests: Requests,
) -> Requests:
    """Requests that one attention group runs at once at most; at least one."""
    room = room_for(kv_pool_gib * GIB, mean_request_bytes, prefix_bytes, prefixes)
    most = np.minimum(np.minimum(max_num_seqs, state_requests), slot_requests)
    return np.maximum(np.minimum(room, most), 1.0)


def cached_requests(
    loaded_concurrency: Requests,
    replicas: Count,
    dp: Count,
    max_num_seqs: Requests,
    state_requests: Requests,
    kv_pool_gib: Gib,
    request_bytes_at_end: Bytes,
    chunk_bytes: Bytes,
    prefix_bytes: Bytes,
    prefixes: Count,
) -> Requests:
    """Requests of one attention group whose cache is held: those in flight, as far as admitted.

    An overloaded engine, whose queue grows without end, holds as many as there is room for.
    """
    left = kv_pool_gib * GIB - chunk_bytes
    room = room_for(left, request_bytes_at_end, prefix_bytes, prefixes)
    loaded = np.ceil(loaded_concurrency / (replicas * dp))
    asked = np.where(np.isnan(loaded), room, loaded)
    return np.maximum(np.minimum(asked, np.minimum(max_num_seqs, state_requests)), 1.0)


def kv_cache_gib(
    cached_requests: Requests,
    request_bytes_at_end: Bytes,
    prefix_bytes: Bytes,
    prefixes: Count,
    chunk_bytes: Bytes,
    slots: Requests,
    allocated_gib: Gib,
) -> Gib:
    """Cache of all held requests when each has reached its end, one still in its prompt.

    A prefix that several of them share counts once. An engine with slots has it all at its start.
    """
    own = cached_requests * (request_bytes_at_end - prefix_bytes)
    shared = np.minimum(prefixes, cached_requests) * prefix_bytes
    return np.where(slots > 0, allocated_gib, (own + shared + chunk_bytes) / GIB)


def room_for(pool: Numbers, request: Numbers, prefix: Numbers, prefixes: Numbers) -> Numbers:
    """Return how many whole requests a pool holds: a prefix each, or all prefixes once.

    The latter are more where there are more requests than prefixes.
    """
    apart = pool / np.maximum(request, 1.0)
    together = (pool - prefixes * prefix) / np.maximum(request - prefix, 1.0)
    return np.floor(np.maximum(together, apart))


TERMS = (
    prefixes,
    prefix_bytes,
    prefix_hits,
    near_share,
    cached_prompt_share,
    admitted_requests,
    cached_requests,
    kv_cache_gib,
)
