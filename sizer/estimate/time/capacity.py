"""Terms of capacity: what all replicas sustain, and how near a load is to it."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.interval import at_ends, scaled
from sizer.estimate.columns.quantity import (
    Count,
    Requests,
    RequestsPerSecond,
    Tokens,
    TokensPerSecond,
    Truth,
)


def max_request_rate(
    max_tokens_per_second: TokensPerSecond, output_tokens: Tokens, busiest_ratio: Count
) -> RequestsPerSecond:
    """Requests that all replicas answer, the busiest one being full; unknown if none has room."""
    return max_tokens_per_second / output_tokens / busiest_ratio


def utilization(
    request_rate: RequestsPerSecond,
    max_request_rate: RequestsPerSecond,
    loaded_concurrency: Requests,
    saturated_concurrency: Requests,
) -> Count:
    """Offered over sustained requests a second; in a closed loop running over admitted ones.

    A closed loop offers no more than is answered, so at 1 its requests wait for one another.
    """
    running = np.minimum(loaded_concurrency, saturated_concurrency) / saturated_concurrency
    closed = np.where(np.isnan(max_request_rate), np.nan, running)
    return np.where(np.isnan(request_rate), closed, request_rate / max_request_rate)


def overloaded(
    request_rate: RequestsPerSecond,
    loaded_concurrency: Requests,
    max_request_rate: RequestsPerSecond,
) -> Truth:
    """Whether a rate is as much as is sustained, or more; a closed loop offers no more.

    Unknown where times are, or where no request has room: that is no question of the rate.
    """
    carried = np.isnan(request_rate) | np.isfinite(loaded_concurrency)
    return np.where(carried, 0, np.where(np.isnan(max_request_rate), -1, 1)).astype(np.int8)


TERMS = (
    max_request_rate,
    *scaled("max_request_rate", "max_tokens_per_second"),
    utilization,
    *at_ends(utilization, opposite=("max_request_rate",)),
    overloaded,
)
