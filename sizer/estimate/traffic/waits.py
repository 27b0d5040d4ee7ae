"""Terms of waits that most requests do not have: for a place, and behind whole passes of prompts.

Each is none but with a small chance, and exponential then: as moments they would hide in a mean,
so quantiles have them as they are.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    PerSecond,
    Requests,
    RequestsPerSecond,
    Seconds,
    Tokens,
)
from sizer.estimate.traffic.distributions import LEAST

# ends of formulas, not measured: each only keeps a quotient finite next to capacity
BUSIEST = 0.995  # share of time on whole passes of prompts
NARROWEST = 1e-3  # of the way to capacity, for the tail of a crowd
NEAREST = 0.4  # deviations to the last place: the density there of a normal crowd at its mean
LEAST_WITHIN = 0.5  # of a crowd is within its places where its mean is
MS = 1e3


def pass_seconds(
    mixed_prompt_seconds: Seconds,
    decoding_seconds: Seconds,
    read_tokens: Tokens,
    budget_tokens: Tokens,
) -> Seconds:
    """Time that one prompt takes of passes that are full of prompts."""
    return mixed_prompt_seconds + decoding_seconds * read_tokens / budget_tokens


def backlog_per_second(
    group_rate: RequestsPerSecond,
    pass_seconds: Seconds,
    prompt_second_moment: Count,
    apart_share: Count,
    pooled_groups: Count,
    arrival_cv2: Count,
) -> PerSecond:
    """How fast the chance of a longer backlog of prompts falls (M/G/1 in heavy traffic)."""
    busy = np.minimum(group_rate * pass_seconds, BUSIEST)
    level = 1.0 + (pooled_groups - 1.0) * apart_share
    burst = np.maximum((1.0 + arrival_cv2) / 2.0, 1.0)
    return 2.0 * (1.0 - busy) * level / (pass_seconds * prompt_second_moment * burst)


def backlog_chance(
    request_rate: RequestsPerSecond,
    group_rate: RequestsPerSecond,
    pass_seconds: Seconds,
    backlog_per_second: PerSecond,
    decoding_seconds: Seconds,
    budget_seconds: Seconds,
    level_power: Count,
) -> Count:
    """Chance of a backlog of more prompts than one step takes; none in a closed loop."""
    busy = np.minimum(group_rate * pass_seconds, BUSIEST)
    chance = busy**level_power * np.exp(-backlog_per_second * (decoding_seconds + budget_seconds))
    return np.where(np.isnan(request_rate), 0.0, chance)


def full_chance(
    request_rate: RequestsPerSecond,
    busiest_rate: RequestsPerSecond,
    group_capacity: RequestsPerSecond,
    in_flight: Requests,
    busiest_ratio: Count,
    running_variance: Requests,
    admitted_requests: Requests,
) -> Count:
    """Chance that every place of the busiest group is taken: a normal crowd, geometric beyond.

    The shape is that of Halfin and Whitt (Oper. Res., 1981); none in a closed loop.
    """
    deviation = np.sqrt(np.maximum(running_variance, LEAST))
    gap = np.maximum(admitted_requests - in_flight * busiest_ratio, 0.0) / deviation
    bell = np.exp(-gap * gap / 2.0) / np.sqrt(2.0 * np.pi)
    left = np.maximum(1.0 - busiest_rate / group_capacity, NARROWEST)
    beyond = bell / deviation / left
    within = np.maximum(1.0 - bell / np.maximum(gap, NEAREST), LEAST_WITHIN)
    return np.where(np.isnan(request_rate), 0.0, beyond / (beyond + within))


def full_per_second(
    busiest_rate: RequestsPerSecond, group_capacity: RequestsPerSecond, arrival_cv2: Count
) -> PerSecond:
    """How fast the chance of a longer wait for a place falls (Kingman, 1961)."""
    left = np.maximum(group_capacity - busiest_rate, LEAST)
    return left * 2.0 / (1.0 + arrival_cv2)


def place_seconds(
    request_rate: RequestsPerSecond,
    arrival_seconds: Seconds,
    cycle_seconds: Seconds,
    in_flight: Requests,
    running: Requests,
    token_seconds: Seconds,
    output_tokens: Tokens,
) -> Seconds:
    """Wait for a place in a closed loop, and what is left of a cycle when a place is free.

    A place is taken for as long as a request is served, at least its share of a cycle. So a request
    is in flight for `in_flight / running` times as long (Little, 1961).
    """
    decoding = (output_tokens - 1.0) * token_seconds
    taken = arrival_seconds + decoding
    beyond = np.maximum(in_flight / running, 1.0) - 1.0
    waits = beyond * np.maximum(taken, cycle_seconds) + np.maximum(cycle_seconds - taken, 0.0)
    return np.where(np.isnan(request_rate), waits, 0.0)


def queue_ms(
    backlog_chance: Count,
    backlog_per_second: PerSecond,
    full_chance: Count,
    full_per_second: PerSecond,
    place_seconds: Seconds,
) -> Milliseconds:
    """Mean wait for a place, and behind more prompts than one step takes."""
    behind = backlog_chance / backlog_per_second
    return (behind + full_chance / full_per_second + place_seconds) * MS


TERMS = (
    pass_seconds,
    backlog_per_second,
    backlog_chance,
    full_chance,
    full_per_second,
    place_seconds,
    queue_ms,
)
