"""Terms of steps in a steady state, as gated queues have them.

Prompts that arrive during a step are read in the next one, so a step is a decode step and the work
of all prompts that came during the step before (a gated M/G/1 queue with a switch-over time:
Takagi, Analysis of Polling Systems, 1986).
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Requests,
    RequestsPerSecond,
    Seconds,
    SecondsPerRequest,
    SquareSeconds,
    Tokens,
)
from sizer.estimate.traffic.distributions import beside_arrival

BUSIEST = 0.98  # share of time on prompts, beyond which a mean step is no number
STIFFEST = 0.03  # of a step that does not grow with its requests: below it nothing decays
NUDGE = 0.05  # more requests, for the slope of a step


def reading_share(
    group_rate: RequestsPerSecond, mixed_prompt_seconds: Seconds, arrival_randomness: Count
) -> Count:
    """Share of time that steps spend on prompts which came on their own."""
    return np.minimum(group_rate * mixed_prompt_seconds, BUSIEST) * arrival_randomness


def decoding_seconds(
    step_seconds: Seconds, lone_step_seconds: Seconds, output_tokens: Tokens
) -> Seconds:
    """A step without its prompts: of decoding, or the least of any where answers are one token."""
    return np.where(output_tokens > 1.0, step_seconds, lone_step_seconds)


def mean_step_seconds(decoding_seconds: Seconds, reading_share: Count) -> Seconds:
    """A step and the prompts in it, in the mean over steps."""
    return decoding_seconds / (1.0 - reading_share)


def nudged_concurrency(running: Requests, replicas: Count, dp: Count) -> Requests:
    """A few more requests than run, over all replicas."""
    return (running * (1.0 + NUDGE) + NUDGE) * replicas * dp


def step_slope(
    nudged_step_seconds: Seconds,
    step_seconds: Seconds,
    running: Requests,
    output_tokens: Tokens,
) -> SecondsPerRequest:
    """Time that one more request adds to a decode step; nothing where none decodes."""
    more = NUDGE * running + NUDGE
    slope = np.maximum(nudged_step_seconds - step_seconds, 0.0) / more
    return np.where(output_tokens > 1.0, slope, 0.0)


def step_slack(step_slope: SecondsPerRequest, step_seconds: Seconds, running: Requests) -> Count:
    """Share of a decode step that does not grow with its requests: what brings a crowd down."""
    return np.clip(1.0 - running * step_slope / step_seconds, STIFFEST, 1.0)


def running_variance(
    in_flight: Requests,
    group_rate: RequestsPerSecond,
    mixed_prompt_seconds: Seconds,
    prompt_second_moment: Count,
    reading_share: Count,
    arrival_cv2: Count,
    pooled_groups: Count,
    step_slack: Count,
    arrival_randomness: Count,
) -> Requests:
    """Variance of the requests that run, in requests squared: linear noise about the mean.

    An arrival adds itself, and holds up those who would leave while its prompt is read; the crowd
    decays by `step_slack`. Groups that a router keeps level share theirs; a closed loop has none.
    """
    held_up = (group_rate * mixed_prompt_seconds) ** 2 * np.maximum(prompt_second_moment - 1.0, 0.0)
    added = (arrival_cv2 * pooled_groups + held_up) / (1.0 - reading_share) ** 2
    noise = in_flight * (1.0 + added) / 2.0 / (step_slack * pooled_groups)
    return noise * arrival_randomness


def apart_share(group_rate: RequestsPerSecond, mean_step_seconds: Seconds) -> Count:
    """Half of the chance that nobody comes during a step: how far a level router has a choice."""
    return np.exp(-group_rate * mean_step_seconds) / 2.0


def level_power(pooled_groups: Count, apart_share: Count) -> Count:
    """Power to which a level router brings a chance to wait (Sakasegawa's exponent, 1977)."""
    return 1.0 + (np.sqrt(2.0 * (pooled_groups + 1.0)) - 2.0) * apart_share


def reading_chance(
    reading_share: Count,
    group_rate: RequestsPerSecond,
    decoding_seconds: Seconds,
    mixed_prompt_seconds: Seconds,
    arrival_cv2: Count,
    level_power: Count,
    arrival_randomness: Count,
) -> Count:
    """Chance to meet a prompt that is being read: more in a burst, less at a level router."""
    near = group_rate * (decoding_seconds + mixed_prompt_seconds)
    clustered = -np.expm1(-np.maximum(beside_arrival(near, arrival_cv2) - near, 0.0))
    alone = reading_share**level_power
    return alone + (1.0 - alone) * clustered * arrival_randomness


def met_step_seconds(
    mean_step_seconds: Seconds,
    reading_chance: Count,
    prompt_second_moment: Count,
    mixed_prompt_seconds: Seconds,
) -> Seconds:
    """The step that an arrival meets, in the mean: long ones are met more often."""
    return mean_step_seconds + reading_chance * prompt_second_moment * mixed_prompt_seconds


def met_step_square(
    met_step_seconds: Seconds,
    mean_step_seconds: Seconds,
    group_rate: RequestsPerSecond,
    prompt_square_seconds: SquareSeconds,
    reading_chance: Count,
    prompt_third_moment: Count,
    mixed_prompt_seconds: Seconds,
    step_slope: SecondsPerRequest,
    running_variance: Requests,
    arrival_randomness: Count,
) -> SquareSeconds:
    """Mean square of the step that an arrival meets."""
    prompts = group_rate * arrival_randomness * mean_step_seconds * prompt_square_seconds
    met = reading_chance * prompt_third_moment * mixed_prompt_seconds**2
    return met_step_seconds**2 + prompts + met + step_slope**2 * running_variance


TERMS = (
    reading_share,
    decoding_seconds,
    mean_step_seconds,
    nudged_concurrency,
    step_slope,
    step_slack,
    running_variance,
    apart_share,
    level_power,
    reading_chance,
    met_step_seconds,
    met_step_square,
)
