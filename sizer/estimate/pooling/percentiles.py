"""Terms of whole requests at percents: who is read at once, who waits for a pass, who for more."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    PerSecond,
    RequestsPerSecond,
    Seconds,
    SquareSeconds,
    Term,
)
from sizer.estimate.traffic.distributions import (
    LEAST,
    gamma_quantile,
    normal_score,
    rare_wait,
)
from sizer.estimate.traffic.percent import Percent, at_percents

REST = 0.5  # of a pass is left when it is met, in the mean
UNIFORM = 12.0  # the variance of what is uniform is its squared width over this
MS = 1e3


def own_text_variance(prompt_seconds: Seconds, prompt_second_moment: Count) -> SquareSeconds:
    """Variance of the time that one's own text adds to a pass."""
    return prompt_seconds**2 * np.maximum(prompt_second_moment - 1.0, 0.0)


def waiting_variance(
    mean_pass_seconds: Seconds,
    met_pass_seconds: Seconds,
    pass_variance: SquareSeconds,
    group_rate: RequestsPerSecond,
    pass_slope: Seconds,
    pp: Count,
    arrival_cv2: Count,
    own_text_variance: SquareSeconds,
) -> SquareSeconds:
    """Variance of the rest of the pass that is met, and of the pass that follows it.

    Times of passes are a gamma's, and so are those that are met. The rest is uniform, and a long
    pass is followed by a long one, as more come meanwhile.
    """
    met = met_pass_seconds * (met_pass_seconds + pass_variance / mean_pass_seconds)
    follows = pp * np.minimum(group_rate * pass_slope, 1.0)
    square = (1.0 / 3.0 + follows + follows**2) * met
    spread = square - ((REST + follows) * met_pass_seconds) ** 2
    came = group_rate * met_pass_seconds * arrival_cv2
    return spread + pp**2 * (pass_slope**2 * came + own_text_variance)


def random_e2e(
    percent: Percent,
    server_s: Seconds,
    pass_busy_chance: Count,
    met_pass_seconds: Seconds,
    next_pass_seconds: Seconds,
    alone_seconds: Seconds,
    pp: Count,
    waiting_variance: SquareSeconds,
    own_text_variance: SquareSeconds,
    beyond_chance: Count,
    beyond_per_second: PerSecond,
) -> Milliseconds:
    """Whole request of those that come on their own; the quickest of them find no pass.

    What differs between those that wait is a gamma. A rare wait comes on top of it, or of its mean.
    Where texts differ more than their mean, the gamma's median may fall as the rate rises.
    """
    alone = gamma_quantile(alone_seconds, pp**2 * own_text_variance, percent.score)
    among = (percent.share - 1.0 + pass_busy_chance) / np.maximum(pass_busy_chance, LEAST)
    mean = REST * met_pass_seconds + pp * next_pass_seconds
    varied = gamma_quantile(mean, waiting_variance, normal_score(among))
    rare = rare_wait(beyond_chance, beyond_per_second, percent.share)
    waited = np.maximum(varied, np.minimum(varied, mean) + rare)
    nobody = (among <= 0) & (rare <= 0)
    found = np.maximum(alone, np.where(nobody, 0.0, waited))
    return (server_s + found) * MS


def closed_e2e(
    percent: Percent,
    server_s: Seconds,
    closed_seconds: Seconds,
    mean_pass_seconds: Seconds,
    alone_seconds: Seconds,
    pp: Count,
    own_text_variance: SquareSeconds,
) -> Milliseconds:
    """Whole request of those that follow an answer: the rest of a pass differs, and their text."""
    waits = np.maximum(closed_seconds - alone_seconds, 0.0)
    rest = np.minimum(mean_pass_seconds, waits) ** 2 / UNIFORM
    variance = rest + pp**2 * own_text_variance
    return (server_s + gamma_quantile(closed_seconds, variance, percent.score)) * MS


def e2e(
    _: Percent,
    random_e2e_here_ms: Milliseconds,
    closed_e2e_here_ms: Milliseconds,
    arrival_randomness: Count,
) -> Milliseconds:
    """Whole request at a percent of requests."""
    closed = np.where(arrival_randomness == 1.0, 0.0, closed_e2e_here_ms)
    alone = np.where(arrival_randomness == 0.0, 0.0, random_e2e_here_ms)
    return arrival_randomness * alone + (1.0 - arrival_randomness) * closed


TERMS: tuple[Term, ...] = (
    own_text_variance,
    waiting_variance,
    *at_percents(random_e2e, "Whole request of {percent} % of requests on their own."),
    *at_percents(closed_e2e, "Whole request of {percent} % of requests after an answer."),
    *at_percents(e2e, "Whole request that {percent} % of requests do not exceed."),
)
