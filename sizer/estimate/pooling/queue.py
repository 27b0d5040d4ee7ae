"""Terms of the queue for passes: whoever waits when a pass ends is read in the next one.

Under a rate the texts of a pass are those that came during the one before, or a first one that
finds nobody (a bulk queue with gates: Chaudhry and Templeton, A First Course in Bulk Queues, 1983).
In a closed loop half of the texts are read while the others wait.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    Count,
    Gib,
    Milliseconds,
    Numbers,
    PerSecond,
    Requests,
    RequestsPerSecond,
    Seconds,
    SquareSeconds,
)
from sizer.estimate.pooling.passes import Pass
from sizer.estimate.traffic.distributions import LEAST
from sizer.units import GIB

STEPS = 60  # of a bisection, to the last digit
STIFFEST = 0.98  # of a pass that its own texts make longer: above it nothing decays
NARROWEST = 1e-3  # of the way to capacity, for the tail of a queue
NEAREST = 0.4  # deviations to the last place: the density there of a normal crowd at its mean
REST = 0.5  # of a pass is left when it is met, in the mean
MS = 1e3


def admitted_requests(
    texts_at_most: Requests,
    kv_pool_gib: Gib,
    mean_request_bytes: Bytes,
    state_requests: Requests,
    keeps_cache: Count,
) -> Requests:
    """Texts of one pass at most: what the engine reads together, and their caches have room for."""
    room = np.floor(kv_pool_gib * GIB / np.maximum(mean_request_bytes, 1.0))
    kept = np.where((mean_request_bytes > 0) & (keeps_cache > 0), room, np.inf)
    return np.maximum(np.minimum(np.minimum(texts_at_most, kept), state_requests), 1.0)


def cached_requests(running: Requests, admitted_requests: Requests, keeps_cache: Count) -> Requests:
    """Texts of an attention group whose cache is held, those of a pass; none without a cache."""
    return np.ceil(np.where(np.isnan(running), admitted_requests, running)) * keeps_cache


def group_capacity(
    admitted_requests: Requests, saturated_cycle_seconds: Seconds
) -> RequestsPerSecond:
    """Texts that one attention group reads when they never run out."""
    return admitted_requests / saturated_cycle_seconds


def max_request_rate(
    group_capacity: RequestsPerSecond,
    replicas: Count,
    dp: Count,
    busiest_ratio: Count,
    kv_pool_gib: Gib,
    mean_request_bytes: Bytes,
) -> RequestsPerSecond:
    """Requests that all replicas answer, the busiest one being full; unknown if none has room."""
    rate = group_capacity * replicas * dp / busiest_ratio
    return np.where(kv_pool_gib * GIB < mean_request_bytes, np.nan, rate)


def group_rate(
    request_rate: RequestsPerSecond,
    loaded_concurrency: Requests,
    users: Requests,
    asked_concurrency: Requests,
    think_time_s: Seconds,
    server_s: Seconds,
    replicas: Count,
    dp: Count,
    pp: Count,
    admitted_requests: Requests,
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
    padded_sigma: Count,
    padded_growth: Count,
    sorted_batches: Count,
) -> RequestsPerSecond:
    """Texts that come to one attention group: its part of a rate, or as many as it answers.

    A closed loop is one of users who do not think: each is away while a server handles its
    request. What arrives is unknown where it is more than is answered.
    """
    groups = replicas * dp
    a_pass = Pass(
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
        padded_sigma,
        padded_growth,
        sorted_batches,
    )
    people = np.where(np.isnan(users), asked_concurrency, users) / groups
    away = server_s + np.where(np.isnan(users), 0.0, think_time_s)

    def answered(waiting: Numbers) -> Numbers:
        texts = np.clip(waiting / (pp + 1.0), 1.0, admitted_requests)
        full = texts / a_pass.seconds(texts)
        alone = waiting / (pp * a_pass.seconds(np.ones_like(texts)))
        return np.minimum(full, alone)

    low, high = np.zeros_like(people), answered(people)
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        more = answered(np.maximum(people - middle * away, 0.0)) > middle
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    offered = np.where(np.isfinite(loaded_concurrency), request_rate / groups, np.nan)
    return np.where(np.isnan(request_rate), high, offered)


def texts_per_pass(
    group_rate: RequestsPerSecond,
    request_rate: RequestsPerSecond,
    admitted_requests: Requests,
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
    padded_sigma: Count,
    padded_growth: Count,
    sorted_batches: Count,
) -> Requests:
    """Texts that a pass reads together, in the mean: those that came meanwhile, or a first one."""
    a_pass = Pass(
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
        padded_sigma,
        padded_growth,
        sorted_batches,
    )
    low, high = np.ones_like(group_rate), admitted_requests
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        came = group_rate * a_pass.seconds(middle)
        alone = np.where(np.isnan(request_rate), 0.0, np.exp(-came))
        more = came + alone > middle
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.where(np.isnan(group_rate), np.nan, high)


def mean_pass_seconds(
    texts_per_pass: Requests,
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
    padded_sigma: Count,
    padded_growth: Count,
    sorted_batches: Count,
) -> Seconds:
    """Time of a stage for a pass of mean size."""
    a_pass = Pass(
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
        padded_sigma,
        padded_growth,
        sorted_batches,
    )
    return a_pass.seconds(texts_per_pass)


def pass_slope(
    texts_per_pass: Requests,
    mean_pass_seconds: Seconds,
    admitted_requests: Requests,
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
    padded_sigma: Count,
    padded_growth: Count,
    sorted_batches: Count,
) -> Seconds:
    """Time that one more text adds to a pass; nothing where a pass has one at most."""
    a_pass = Pass(
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
        padded_sigma,
        padded_growth,
        sorted_batches,
    )
    more = a_pass.seconds(texts_per_pass + 1.0) - mean_pass_seconds
    return np.where(admitted_requests > 1.0, more, 0.0)


def pass_busy_chance(
    texts_per_pass: Requests, group_rate: RequestsPerSecond, mean_pass_seconds: Seconds
) -> Count:
    """Chance that a pass is being read when a text comes."""
    return np.clip(group_rate * mean_pass_seconds / texts_per_pass, 0.0, 1.0)


def texts_variance(
    group_rate: RequestsPerSecond,
    mean_pass_seconds: Seconds,
    pass_slope: Seconds,
    arrival_cv2: Count,
    admitted_requests: Requests,
) -> Requests:
    """Variance of the texts of a pass, in requests squared: a long one lets more come meanwhile.

    No more than that of two sizes, one text and as many as a pass takes.
    """
    passed_on = np.minimum(group_rate * pass_slope, STIFFEST) ** 2
    found = group_rate * mean_pass_seconds * arrival_cv2 / (1.0 - passed_on)
    return np.minimum(found, (admitted_requests - 1.0) ** 2 / 4.0)


def pass_variance(
    texts_variance: Requests,
    texts_per_pass: Requests,
    pass_slope: Seconds,
    prompt_seconds: Seconds,
    prompt_second_moment: Count,
) -> SquareSeconds:
    """Variance of the time of a pass: of the texts in it, and of their lengths."""
    lengths = texts_per_pass * prompt_seconds**2 * (prompt_second_moment - 1.0)
    return pass_slope**2 * texts_variance + lengths


def met_pass_seconds(mean_pass_seconds: Seconds, pass_variance: SquareSeconds) -> Seconds:
    """The pass that a text meets, in the mean: long ones are met more often."""
    return mean_pass_seconds + pass_variance / mean_pass_seconds


def next_texts(
    group_rate: RequestsPerSecond,
    met_pass_seconds: Seconds,
    arrival_cv2: Count,
    admitted_requests: Requests,
) -> Requests:
    """Texts of the pass after one that is met: oneself, and those that came during it."""
    beside = group_rate * met_pass_seconds + (arrival_cv2 - 1.0) / 2.0
    return np.clip(1.0 + beside, 1.0, admitted_requests)


def next_pass_seconds(
    next_texts: Requests,
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
    padded_sigma: Count,
    padded_growth: Count,
    sorted_batches: Count,
) -> Seconds:
    """Time of a stage for the pass after one that is met."""
    a_pass = Pass(
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
        padded_sigma,
        padded_growth,
        sorted_batches,
    )
    return a_pass.seconds(next_texts)


def alone_seconds(
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
    padded_sigma: Count,
    padded_growth: Count,
    sorted_batches: Count,
    pp: Count,
) -> Seconds:
    """Time to read a text that finds nobody, through all stages."""
    a_pass = Pass(
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
        padded_sigma,
        padded_growth,
        sorted_batches,
    )
    return pp * a_pass.seconds(np.ones_like(pp))


def beyond_per_second(
    busiest_rate: RequestsPerSecond,
    group_capacity: RequestsPerSecond,
    arrival_cv2: Count,
) -> PerSecond:
    """How fast the chance of a longer wait falls where full passes do not take all who came.

    That of a queue with as many single servers a second in heavy traffic (Kingman, 1961).
    """
    busy = busiest_rate / group_capacity
    left = np.maximum(1.0 - busy, NARROWEST)
    return 2.0 * left * group_capacity / np.maximum(busy * arrival_cv2, LEAST)


def beyond_chance(
    busiest_rate: RequestsPerSecond,
    group_capacity: RequestsPerSecond,
    texts_per_pass: Requests,
    texts_variance: Requests,
    admitted_requests: Requests,
    beyond_per_second: PerSecond,
    request_rate: RequestsPerSecond,
) -> Count:
    """Chance that more wait than a pass takes: a normal crowd with a geometric tail, or a queue.

    The latter is exact for passes of one text (Pollaczek, 1930). None in a closed loop.
    """
    busy = np.minimum(busiest_rate / group_capacity, 1.0)
    behind = (admitted_requests - 1.0) / group_capacity
    queued = busy * np.exp(-beyond_per_second * behind)
    deviation = np.sqrt(np.maximum(texts_variance, LEAST))
    gap = np.maximum(admitted_requests - texts_per_pass, 0.0) / deviation
    bell = np.exp(-gap * gap / 2.0) / np.sqrt(2.0 * np.pi)
    beyond = bell / deviation * group_capacity / beyond_per_second
    within = np.maximum(1.0 - bell / np.maximum(gap, NEAREST), REST)
    several = np.where(admitted_requests > 1.0, beyond / (beyond + within), 0.0)
    return np.where(np.isnan(request_rate), 0.0, np.maximum(queued, several))


def random_seconds(
    pass_busy_chance: Count,
    met_pass_seconds: Seconds,
    next_pass_seconds: Seconds,
    alone_seconds: Seconds,
    pp: Count,
    beyond_chance: Count,
    beyond_per_second: PerSecond,
) -> Seconds:
    """Time of a text that comes on its own: it is read at once, or after the pass that it meets."""
    met = REST * met_pass_seconds + pp * next_pass_seconds
    found = pass_busy_chance * met + (1.0 - pass_busy_chance) * alone_seconds
    return found + beyond_chance / beyond_per_second


def closed_seconds(
    group_rate: RequestsPerSecond,
    users: Requests,
    asked_concurrency: Requests,
    replicas: Count,
    dp: Count,
    server_s: Seconds,
    think_time_s: Seconds,
    alone_seconds: Seconds,
) -> Seconds:
    """Time of a text in a closed loop: all that are not away share what is read (Little, 1961)."""
    people = np.where(np.isnan(users), asked_concurrency, users) / (replicas * dp)
    away = server_s + np.where(np.isnan(users), 0.0, think_time_s)
    return np.maximum(people / group_rate - away, alone_seconds)


def e2e_ms(
    server_s: Seconds,
    random_seconds: Seconds,
    closed_seconds: Seconds,
    arrival_randomness: Count,
) -> Milliseconds:
    """Whole request: a server handles it, it waits for a pass, and is read in it."""
    closed = np.where(arrival_randomness == 1.0, 0.0, closed_seconds)
    waits = arrival_randomness * random_seconds + (1.0 - arrival_randomness) * closed
    return (server_s + waits) * MS


def queue_ms(
    e2e_ms: Milliseconds,
    server_s: Seconds,
    next_pass_seconds: Seconds,
    mean_pass_seconds: Seconds,
    alone_seconds: Seconds,
    pass_busy_chance: Count,
    request_rate: RequestsPerSecond,
    pp: Count,
) -> Milliseconds:
    """Mean wait for a pass."""
    met = pass_busy_chance * pp * next_pass_seconds + (1.0 - pass_busy_chance) * alone_seconds
    own = np.where(np.isnan(request_rate), pp * mean_pass_seconds, met)
    return np.maximum(e2e_ms - (server_s + own) * MS, 0.0)


TERMS = (
    admitted_requests,
    cached_requests,
    group_capacity,
    max_request_rate,
    group_rate,
    texts_per_pass,
    mean_pass_seconds,
    pass_slope,
    pass_busy_chance,
    texts_variance,
    pass_variance,
    met_pass_seconds,
    next_texts,
    next_pass_seconds,
    alone_seconds,
    beyond_per_second,
    beyond_chance,
    random_seconds,
    closed_seconds,
    e2e_ms,
    queue_ms,
)
