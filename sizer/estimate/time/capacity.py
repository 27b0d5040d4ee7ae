"""Terms of capacity: what all replicas sustain, and how near a load is to it."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.interval import at_ends, scaled
from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    Count,
    Gib,
    Requests,
    RequestsPerSecond,
    Seconds,
    Tokens,
    TokensPerSecond,
    Truth,
)
from sizer.units import GIB


def max_request_rate(
    max_tokens_per_second: TokensPerSecond, output_tokens: Tokens
) -> RequestsPerSecond:
    """Requests that all replicas answer when requests never run out; unknown if none has room."""
    return max_tokens_per_second / output_tokens


def utilization(
    request_rate: RequestsPerSecond,
    max_request_rate: RequestsPerSecond,
    concurrency: Requests,
    saturated_concurrency: Requests,
) -> Count:
    """Offered over sustained requests a second; in a closed loop running over admitted ones.

    A closed loop offers no more than is answered, so at 1 its requests wait for one another.
    """
    running = np.minimum(concurrency, saturated_concurrency) / saturated_concurrency
    closed = np.where(np.isnan(max_request_rate), np.nan, running)
    return np.where(np.isnan(request_rate), closed, request_rate / max_request_rate)


def overloaded(
    request_rate: RequestsPerSecond,
    concurrency: Requests,
    prompt_seconds: Seconds,
    lone_step_seconds: Seconds,
    hop_bytes_s: BytesPerSecond,
    kv_pool_gib: Gib,
    mean_request_bytes: Bytes,
) -> Truth:
    """Whether no number of requests in flight carries the rate; a closed loop offers no more.

    Unknown where times are, or where no request has room: that is no question of the rate.
    """
    known = ~np.isnan(prompt_seconds + lone_step_seconds + hop_bytes_s)
    runs = known & (kv_pool_gib * GIB >= mean_request_bytes)
    carried = np.isnan(request_rate) | np.isfinite(concurrency)
    return np.where(carried, 0, np.where(runs, 1, -1)).astype(np.int8)


TERMS = (
    max_request_rate,
    *scaled("max_request_rate", "max_tokens_per_second"),
    utilization,
    *at_ends(utilization, opposite=("max_request_rate",)),
    overloaded,
)
