"""Terms of sessions: what earlier turns left in a cache, and what was evicted while users thought.

Each turn sends the history again, which lies idle between two turns. Thinking is exponential. A
router that keeps no session on a replica sends each turn to any, so what is found there is older.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    Count,
    Gib,
    Requests,
    RequestsPerSecond,
    Seconds,
)
from sizer.estimate.columns.visits import found_share
from sizer.units import GIB

LEAST = 1e-12


def turn_rate(
    request_rate: RequestsPerSecond,
    users: Requests,
    think_time_s: Seconds,
    loaded_concurrency: Requests,
    replicas: Count,
    dp: Count,
) -> RequestsPerSecond:
    """Requests that come to one attention group; 0 where each follows an answer at once.

    Of users, those who think send when they have thought.
    """
    thinkers = np.maximum(users - loaded_concurrency, 0.0)
    thought = thinkers / np.maximum(think_time_s, LEAST)
    closed = np.where(np.isnan(users) | (think_time_s <= 0), 0.0, thought)
    return np.where(np.isnan(request_rate), closed, request_rate) / (replicas * dp)


def places_of_session(affine_router: Count, replicas: Count, dp: Count) -> Count:
    """Caches among which the turns of one session are spread."""
    return np.where(affine_router > 0, 1.0, replicas * dp)


def idle_bytes(request_bytes_at_end: Bytes, prefix_bytes: Bytes) -> Bytes:
    """Cache of one session between two turns, in the mean, beside the prefix that it shares."""
    return np.maximum(request_bytes_at_end - prefix_bytes, 1.0)


def held_bytes(
    loaded_concurrency: Requests,
    replicas: Count,
    dp: Count,
    max_num_seqs: Requests,
    mean_request_bytes: Bytes,
    prefix_bytes: Bytes,
    prefixes: Count,
) -> Bytes:
    """Cache of the requests that run, and of the prefixes that are shared."""
    running = np.maximum(np.minimum(loaded_concurrency / (replicas * dp), max_num_seqs), 1.0)
    return running * np.maximum(mean_request_bytes - prefix_bytes, 0.0) + prefixes * prefix_bytes


def history_hits(
    turns: Count,
    history_share: Count,
    turn_rate: RequestsPerSecond,
    think_time_s: Seconds,
    places_of_session: Count,
    idle_bytes: Bytes,
    held_bytes: Bytes,
    kv_pool_gib: Gib,
) -> Count:
    """Share of the histories that requests send which the cache of the accelerators still has."""
    asked = turns, history_share, turn_rate, think_time_s, places_of_session, idle_bytes
    return found_share(*asked, kv_pool_gib * GIB - held_bytes)


def kept_history_share(history_share: Count, history_hits: Count) -> Count:
    """Share of a prompt that earlier turns left in the cache of the accelerators."""
    return history_share * history_hits


def session_hit_share(history_share: Count, kept_history_share: Count) -> Count:
    """The same; unknown where no load has `turns`."""
    return np.where(history_share > 0, kept_history_share, np.nan)


TERMS = (
    turn_rate,
    places_of_session,
    idle_bytes,
    held_bytes,
    history_hits,
    kept_history_share,
    session_hit_share,
)
