"""Terms of a cache that is allocated at the start for a number of slots, as llama.cpp does it.

Slots share one cache of `ctx_size` tokens, or each has its part of them. `slots` is 0 for
engines whose requests take from a pool.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Bytes, Count, Gib, Numbers, Requests, Tokens
from sizer.units import GIB


def slot_tokens(
    ctx_size: Tokens, max_context: Tokens, slots: Requests, slots_share: Count
) -> Tokens:
    """Longest sequence of a slot: its part of the cache, or all of it where slots share."""
    parts = np.where(slots_share > 0, 1.0, np.maximum(slots, 1.0))
    return np.where(ctx_size > 0, np.floor(ctx_size / parts), max_context)


def allocated_gib(
    slots: Requests,
    slots_share: Count,
    slot_tokens: Tokens,
    full_block_bytes: Bytes,
    full_block_tokens: Tokens,
    window_block_bytes: Bytes,
    window_block_tokens: Tokens,
    kept_window_tokens: Tokens,
    max_num_batched_tokens: Tokens,
    fixed_request_bytes: Bytes,
) -> Gib:
    """Cache of all slots on one accelerator: whole blocks of tokens, windows and states.

    A window keeps a micro-batch more than it looks back on; where slots share, once for all.
    """
    caches = np.where(slots_share > 0, 1.0, slots)
    full = full_block_bytes * np.ceil(slot_tokens / full_block_tokens)
    kept = kept_window_tokens * slots / np.maximum(caches, 1.0) + max_num_batched_tokens
    windowed = window_block_bytes * np.ceil(np.minimum(kept, slot_tokens) / window_block_tokens)
    return (caches * (full + windowed) + slots * fixed_request_bytes) / GIB


def slot_requests(
    slots: Requests, slots_share: Count, slot_tokens: Tokens, sequence_tokens: Tokens
) -> Requests:
    """Requests of this load that slots run at once; endless for engines without slots."""
    return _held(slots, slots_share, slot_tokens, sequence_tokens)


def longest_requests(
    slots: Requests, slots_share: Count, slot_tokens: Tokens, max_context: Tokens
) -> Requests:
    """Requests of `max_context` that slots hold at once; none where each slot is shorter."""
    return _held(slots, slots_share, slot_tokens, max_context)


def _held(slots: Numbers, share: Numbers, tokens: Numbers, each: Numbers) -> Numbers:
    divided = np.where(tokens >= each, slots, 0.0)
    together = np.minimum(slots, np.floor(tokens / each))
    return np.where(slots > 0, np.where(share > 0, together, divided), np.inf)


TERMS = (slot_tokens, allocated_gib, slot_requests, longest_requests)
