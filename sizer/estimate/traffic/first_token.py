"""Terms of the first token as requests come: the step that one meets, and its own prompt.

Of a first token a part is the same for all, a part differs: the rest of the step that is met, the
prompts that arrive in it, and the own prompt. The mean and variance of that part are a gamma's.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    Numbers,
    PerSecond,
    Requests,
    RequestsPerSecond,
    Seconds,
    SquareSeconds,
    Term,
    Tokens,
)
from sizer.estimate.traffic.distributions import (
    LEAST,
    beside_arrival,
    gamma_quantile,
    normal_score,
    rare_wait,
)
from sizer.estimate.traffic.percent import Percent, at_percents

REST = 0.5  # of a step is left when it is met, in the mean
MS = 1e3


def busy_chance(
    in_flight: Requests, running: Requests, arrival_randomness: Count, static_batching: Count
) -> Count:
    """Chance that others run when a request comes (Poisson about the mean); a closed loop's is 1.

    There it is less only where fewer than two run.
    """
    closed = np.minimum(running - 1.0, 1.0)
    come = -np.expm1(-in_flight) * arrival_randomness
    return (come + closed * (1.0 - arrival_randomness)) * (1.0 - static_batching)


def prompts_beside(
    group_rate: RequestsPerSecond,
    met_step_seconds: Seconds,
    arrival_cv2: Count,
    arrival_randomness: Count,
) -> Requests:
    """Prompts that come in the step that is met beyond those of Poisson arrivals: bursts."""
    half = group_rate * met_step_seconds / 2.0
    return 2.0 * (beside_arrival(half, arrival_cv2) - half) * arrival_randomness


def met_work_seconds(
    met_step_seconds: Seconds,
    reading_share: Count,
    prompts_beside: Requests,
    mixed_prompt_seconds: Seconds,
) -> Seconds:
    """What is left of the step that is met, and the prompts that came in it, in the mean."""
    work = (REST + reading_share) * met_step_seconds + prompts_beside * mixed_prompt_seconds
    return np.maximum(work, 0.0)


def reading_step_seconds(
    decoding_seconds: Seconds,
    prompt_chunks: Count,
    mixed_prompt_seconds: Seconds,
    prefill_seconds: Seconds,
    prompts_first: Count,
) -> Seconds:
    """The steps in which one's own prompt is read while others run.

    They decode too, unless prompts come first. They are no shorter than those of a prompt alone.
    """
    mixed = prompt_chunks * decoding_seconds + mixed_prompt_seconds
    return np.maximum(np.where(prompts_first > 0, 0.0, mixed), prefill_seconds)


def random_arrival_seconds(
    handling_seconds: Seconds,
    busy_chance: Count,
    met_work_seconds: Seconds,
    held_back_steps: Count,
    decoding_seconds: Seconds,
    reading_step_seconds: Seconds,
    prefill_seconds: Seconds,
    static_batching: Count,
) -> Seconds:
    """First token of a request that comes on its own: it meets a step, or an idle engine."""
    met = met_work_seconds + held_back_steps * decoding_seconds + reading_step_seconds
    found = handling_seconds * (1.0 - static_batching) + busy_chance * met
    return found + (1.0 - busy_chance) * prefill_seconds


def met_work_variance(
    met_step_seconds: Seconds,
    met_step_square: SquareSeconds,
    reading_share: Count,
    prompts_beside: Requests,
    group_rate: RequestsPerSecond,
    arrival_randomness: Count,
    prompt_square_seconds: SquareSeconds,
) -> SquareSeconds:
    """Variance of that work where there is some.

    The rest of a step is uniform, and the prompts in it are as many as it is long.
    """
    square = (1.0 / 3.0 + reading_share + reading_share**2) * met_step_square
    mean = (REST + reading_share) * met_step_seconds
    prompts = np.maximum(group_rate * arrival_randomness * met_step_seconds + prompts_beside, 0.0)
    return np.maximum(square - mean * mean, 0.0) + prompts * prompt_square_seconds


def alone_prompt_variance(
    mixed_prompt_seconds: Seconds, prompt_square_seconds: SquareSeconds
) -> SquareSeconds:
    """Variance of the time to read one's own prompt at once."""
    return np.maximum(prompt_square_seconds - mixed_prompt_seconds**2, 0.0)


def own_prompt_variance(
    mixed_prompt_seconds: Seconds,
    prompt_second_moment: Count,
    decoding_seconds: Seconds,
    read_tokens: Tokens,
    budget_tokens: Tokens,
    busy_chance: Count,
) -> SquareSeconds:
    """Variance of the time to read one's own prompt: a long one takes several passes."""
    passes = busy_chance * decoding_seconds * read_tokens / budget_tokens
    return (prompt_second_moment - 1.0) * (mixed_prompt_seconds + passes) ** 2


def random_ttft(
    percent: Percent,
    handling_seconds: Seconds,
    static_batching: Count,
    busy_chance: Count,
    met_work_seconds: Seconds,
    met_work_variance: SquareSeconds,
    held_back_steps: Count,
    decoding_seconds: Seconds,
    reading_step_seconds: Seconds,
    prefill_seconds: Seconds,
    mixed_prompt_seconds: Seconds,
    alone_prompt_variance: SquareSeconds,
    own_prompt_variance: SquareSeconds,
    backlog_chance: Count,
    backlog_per_second: PerSecond,
    full_chance: Count,
    full_per_second: PerSecond,
) -> Milliseconds:
    """First token of requests that come on their own: the quickest of them find nobody running.

    The others are slower by the step that they meet. What differs between them is a gamma, and a
    rare wait comes on top of its mean.
    """
    own = gamma_quantile(mixed_prompt_seconds, alone_prompt_variance, percent.score)
    alone = prefill_seconds - mixed_prompt_seconds + own
    among = (percent.share - 1.0 + busy_chance) / np.maximum(busy_chance, LEAST)
    mean = mixed_prompt_seconds + met_work_seconds
    variance = met_work_variance + own_prompt_variance
    varied = gamma_quantile(mean, variance, normal_score(among))
    rare = rare_wait(backlog_chance, backlog_per_second, percent.share)
    rare = rare + rare_wait(full_chance, full_per_second, percent.share)
    varied = np.maximum(varied, np.where(rare > 0, mean + rare, 0.0))
    fixed = held_back_steps * decoding_seconds + reading_step_seconds - mixed_prompt_seconds
    among_others = np.where((among > 0) | (rare > 0), fixed + varied, 0.0)
    found = handling_seconds * (1.0 - static_batching) + np.maximum(alone, among_others)
    return found * MS


def closed_ttft(
    percent: Percent,
    prefill_seconds: Seconds,
    joining_seconds: Seconds,
    busy_chance: Count,
    met_work_seconds: Seconds,
    met_work_variance: SquareSeconds,
    mixed_prompt_seconds: Seconds,
    own_prompt_variance: SquareSeconds,
) -> Milliseconds:
    """First token of requests that follow an answer: the step that runs, and the own prompt."""
    mean = busy_chance * met_work_seconds + mixed_prompt_seconds
    variance = busy_chance * met_work_variance + own_prompt_variance
    fixed = prefill_seconds + joining_seconds - mean
    return (fixed + gamma_quantile(mean, variance, percent.score)) * MS


def ttft(
    percent: Percent,
    random_ttft_here_ms: Milliseconds,
    closed_ttft_here_ms: Milliseconds,
    arrival_randomness: Count,
    burst_seconds: Seconds,
    place_seconds: Seconds,
    in_flight: Requests,
    running: Requests,
    first_wave_share: Count,
    waves: Count,
) -> Milliseconds:
    """Time to first token at a percent of requests, with a closed loop's burst and its queue."""
    on_their_own = arrival_randomness * random_ttft_here_ms
    found = on_their_own + (1.0 - arrival_randomness) * closed_ttft_here_ms
    burst = _burst_seconds(burst_seconds, np.where(waves > 0, 1.0, first_wave_share), percent.share)
    waiting = np.maximum(in_flight - running, 1.0)
    place = gamma_quantile(place_seconds, place_seconds**2 / waiting, percent.score)
    return found + (burst + place) * MS


def _burst_seconds(mean: Numbers, wave: Numbers, share: float) -> Numbers:
    """Return the wait in a burst: a place in it is uniform, for the share of requests in it."""
    place = np.maximum(1.0 - (1.0 - share) / np.maximum(wave, LEAST), 0.0)
    return mean * 2.0 / np.maximum(wave, LEAST) * place


TERMS: tuple[Term, ...] = (
    busy_chance,
    prompts_beside,
    met_work_seconds,
    reading_step_seconds,
    random_arrival_seconds,
    met_work_variance,
    alone_prompt_variance,
    own_prompt_variance,
    *at_percents(random_ttft, "Time to first token of {percent} % of requests on their own."),
    *at_percents(closed_ttft, "Time to first token of {percent} % of requests after an answer."),
    *at_percents(ttft, "Time to first token that {percent} % of requests do not exceed."),
)
