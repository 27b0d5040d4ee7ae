"""Terms of the pace as requests have it: one request's mean, and single gaps between tokens."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    Numbers,
    Requests,
    RequestsPerSecond,
    Seconds,
    SecondsPerRequest,
    SquareSeconds,
    Term,
    Tokens,
)
from sizer.estimate.traffic.distributions import (
    beside_arrival,
    compound_quantile,
    gamma_quantile,
)
from sizer.estimate.traffic.percent import Percent, at_percents

MS = 1e3


def first_gap_prompts(
    group_rate: RequestsPerSecond,
    mixed_prompt_seconds: Seconds,
    reading_share: Count,
    met_step_seconds: Seconds,
    arrival_cv2: Count,
    arrival_randomness: Count,
) -> Requests:
    """Prompts that come while one's own is read: all of them fall into one's first gap."""
    beside = mixed_prompt_seconds + reading_share * met_step_seconds
    return beside_arrival(group_rate * beside, arrival_cv2) * arrival_randomness


def delayed_seconds(
    itl_ms: Milliseconds,
    token_step_seconds: Seconds,
    first_gap_prompts: Requests,
    mixed_prompt_seconds: Seconds,
    reading_share: Count,
    inverse_answer: Count,
) -> Seconds:
    """Time by which others' prompts lengthen a gap, in the mean over requests."""
    first = first_gap_prompts * mixed_prompt_seconds * inverse_answer / (1.0 - reading_share)
    return np.maximum(itl_ms / MS - token_step_seconds, 0.0) + first


def delay_variance(
    group_rate: RequestsPerSecond,
    token_step_seconds: Seconds,
    mean_step_seconds: Seconds,
    acceptance_length: Tokens,
    output_tokens: Tokens,
    mixed_prompt_seconds: Seconds,
    prompt_square_seconds: SquareSeconds,
    reading_share: Count,
    first_gap_prompts: Requests,
    inverse_answer: Count,
    inverse_answer_square: Count,
    arrival_cv2: Count,
    pooled_groups: Count,
    step_slope: SecondsPerRequest,
    running_variance: Requests,
) -> SquareSeconds:
    """Variance of a request's mean gap: the prompts that its life meets, and the crowd.

    Each prompt starts a busy period (second moment by 1 / (1 - reading)^3). Over a long life their
    count is as dispersed as arrivals are, or less by a router that keeps groups level. The crowd is
    averaged over a life.
    """
    count = group_rate * mean_step_seconds / acceptance_length * output_tokens
    even = np.where(pooled_groups > 1.0, 1.0 / pooled_groups, arrival_cv2)
    counted = mixed_prompt_seconds**2 * (even - 1.0) * count / (1.0 + count)
    each = np.maximum(prompt_square_seconds + counted, 0.0) / (1.0 - reading_share) ** 3
    living = group_rate * token_step_seconds * inverse_answer
    met = living + first_gap_prompts * inverse_answer_square
    return each * met + (step_slope / acceptance_length) ** 2 * running_variance / 2.0


def tpot(
    percent: Percent,
    token_step_seconds: Seconds,
    itl_ms: Milliseconds,
    delayed_seconds: Seconds,
    delay_variance: SquareSeconds,
    budget_seconds: Seconds,
) -> Milliseconds:
    """Mean gap of a request at a percent of requests; each gap holds one token budget at most."""
    level = np.minimum(token_step_seconds, itl_ms / MS)
    delay = gamma_quantile(delayed_seconds, delay_variance, percent.score)
    return (level + np.minimum(delay, budget_seconds)) * MS


def gap_seconds(itl_ms: Milliseconds, acceptance_length: Tokens) -> Seconds:
    """Mean gap between the tokens of one step and those of the next, which come together."""
    return itl_ms / MS * acceptance_length


def gap_prompts(
    step_seconds: Seconds,
    gap_seconds: Seconds,
    mixed_prompt_seconds: Seconds,
    budget_seconds: Seconds,
) -> Requests:
    """Prompts, or chunks of them, that lengthen one gap between tokens, in the mean."""
    delay = np.maximum(gap_seconds - step_seconds, 0.0)
    return delay / np.minimum(mixed_prompt_seconds, budget_seconds)


def itl(
    percent: Percent,
    step_seconds: Seconds,
    gap_seconds: Seconds,
    gap_prompts: Requests,
    mixed_prompt_seconds: Seconds,
    prompt_second_moment: Count,
    budget_seconds: Seconds,
    prefill_seconds: Seconds,
    step_slope: SecondsPerRequest,
    running_variance: Requests,
) -> Milliseconds:
    """A single gap at a percent of gaps: a step of the crowd at that percent, and its prompts.

    Tokens of one step come together, and the gap is that to the next step. A gap with a prompt in
    it is no shorter than that prompt's pass alone. Crowd and prompts are independent, so their
    distances from the mean step add as squares do; no percent is below 50.
    """
    chunk = np.minimum(mixed_prompt_seconds, budget_seconds)
    carried = compound_quantile(gap_prompts, chunk, chunk**2 * prompt_second_moment, percent.share)
    least = np.maximum(prefill_seconds - step_seconds, 0.0)
    carried = np.where(carried > 0, np.maximum(carried, least), 0.0)
    carried = np.minimum(carried, np.maximum(budget_seconds, least))
    crowd = percent.score * step_slope * np.sqrt(running_variance)
    level = np.minimum(step_seconds, gap_seconds)
    gap: Numbers = level + np.hypot(crowd, carried)
    return gap * MS


TERMS: tuple[Term, ...] = (
    first_gap_prompts,
    delayed_seconds,
    delay_variance,
    *at_percents(tpot, "Mean gap between tokens that {percent} % of requests do not exceed."),
    gap_seconds,
    gap_prompts,
    *at_percents(itl, "Gap between two tokens that {percent} % of gaps do not exceed."),
)
