"""Terms of arrivals: how many come to an attention group, and how evenly."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Requests,
    RequestsPerSecond,
    Seconds,
    Tokens,
)


def group_rate(
    request_rate: RequestsPerSecond,
    replicas: Count,
    dp: Count,
    running: Requests,
    cycle_seconds: Seconds,
) -> RequestsPerSecond:
    """Requests that come to one attention group: its part of a rate, or as many as it answers."""
    offered = request_rate / (replicas * dp)
    return np.where(np.isnan(request_rate), running / cycle_seconds, offered)


def busiest_ratio(
    affine_router: Count,
    prefix_groups: Count,
    shared_prefix_tokens: Tokens,
    replicas: Count,
    dp: Count,
) -> Count:
    """Load of the busiest attention group over the mean, where a router goes by prefixes.

    Groups of prompts fall on the attention groups at random: the most of so many Poisson numbers,
    by its normal limit (Raab and Steger, Balls into Bins, 1998). No more than all of them on one.
    """
    parts = replicas * dp
    crowded = 1.0 + np.sqrt(2.0 * np.log(parts) * parts / prefix_groups)
    kept = (affine_router > 0) & (shared_prefix_tokens > 0)
    return np.where(kept, np.minimum(crowded, parts), 1.0)


def busiest_rate(group_rate: RequestsPerSecond, busiest_ratio: Count) -> RequestsPerSecond:
    """Requests that come to the busiest attention group."""
    return group_rate * busiest_ratio


def group_capacity(
    admitted_requests: Requests, saturated_cycle_seconds: Seconds
) -> RequestsPerSecond:
    """Requests that one attention group answers when requests never run out."""
    return admitted_requests / saturated_cycle_seconds


def arrival_randomness(
    request_rate: RequestsPerSecond,
    users: Requests,
    think_time_s: Seconds,
    group_rate: RequestsPerSecond,
    replicas: Count,
    dp: Count,
) -> Count:
    """How far arrivals are independent of answers: 1 for a rate, 0 for a closed loop.

    Of users it is the share who think, as their thoughts end on their own.
    """
    thinking = group_rate * replicas * dp * think_time_s / users
    closed = np.where(np.isnan(users), 0.0, np.minimum(thinking, 1.0))
    return np.where(np.isnan(request_rate), closed, 1.0)


def arrival_cv2(
    gap_cv2: Count, affine_router: Count, replicas: Count, dp: Count, arrival_randomness: Count
) -> Count:
    """Squared coefficient of variation of the gaps between arrivals at one attention group.

    In turn it gets every n-th request, so gaps are sums of n; by its prompts' groups a share of
    1/n at random (thinning of a renewal process: Cox, Renewal Theory, 1962).
    """
    parts = replicas * dp
    at_random = 1.0 + (gap_cv2 - 1.0) / parts
    return np.where(affine_router > 0, at_random, gap_cv2 / parts) * arrival_randomness


def pooled_groups(level_router: Count, replicas: Count, dp: Count) -> Count:
    """Attention groups that a router keeps level, so that they are like one."""
    return np.where(level_router > 0, replicas * dp, 1.0)


TERMS = (
    group_rate,
    busiest_ratio,
    busiest_rate,
    group_capacity,
    arrival_randomness,
    arrival_cv2,
    pooled_groups,
)
