"""Lengths of requests: lists to sweep with a spread, or a distribution by its percentiles.

Percentiles are read as those of a log-normal distribution, which lengths of prompts and answers
roughly follow: logarithms of lengths are a straight line over standard-normal quantiles, fitted by
least squares (with two percentiles it goes through both).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import exp, expm1, inf, log, sqrt

from attrs import evolve, frozen

from sizer.schema.asked.serving import Workload

WIDEST = 10.0  # a spread above it says that the percentiles are no lengths of one load
_NAME = re.compile(r"p(\d{1,2}(?:\.\d+)?)")
_LARGEST_EXPONENT = 700.0


@frozen
class Lengths:
    """Mean lengths in tokens, the standard deviation over the mean, and the longest named."""

    means: tuple[int, ...]
    spread: float
    longest: int


def prompts(workload: Workload) -> Lengths:
    """Return the prompt lengths of a load."""
    named = workload.input_tokens_percentiles
    return _lengths(named, workload.input_tokens, workload.input_tokens_spread)


def answers(workload: Workload) -> Lengths:
    """Return the answer lengths of a load."""
    named = workload.output_tokens_percentiles
    return _lengths(named, workload.output_tokens, workload.output_tokens_spread)


def context(workload: Workload) -> int:
    """Return the longest sequence to promise: as asked, else the longest lengths named.

    A session's last turn is longer than its mean one.
    """
    asked, answered = prompts(workload).longest, answers(workload).longest
    shared = min(workload.shared_prefix_tokens, asked)
    last = shared + growth_tokens(workload, asked, answered) * workload.turns
    return workload.max_context or max(asked + answered, round(last))


def growth_tokens(workload: Workload, asked: int, answered: int) -> float:
    """Return by how many tokens a session grows with each turn: a message and its answer.

    The mean prompt of `turns` is `asked`: turn k has the shared prefix, k messages, and the
    answers of the k - 1 turns before.
    """
    own = asked - min(workload.shared_prefix_tokens, asked)
    return 2.0 * (own + answered) / (workload.turns + 1)


def without_answers(workload: Workload) -> Workload:
    """Return a load whose requests are read, and answered without a token."""
    return evolve(
        workload, output_tokens=(0,), output_tokens_spread=0.0, output_tokens_percentiles={}
    )


def share_below(name: str) -> float | None:
    """Return the share of requests that a percentile like `p99.9` is not below.

    None is no percentile: it is above 0 and below 100.
    """
    found = _NAME.fullmatch(name)
    share = float(found[1]) / 100.0 if found else 0.0
    return share or None


def log_normal(percentiles: Mapping[str, int]) -> tuple[float, float]:
    """Return the mean in tokens, and the spread, of the log-normal that fits percentiles best.

    The spread is the standard deviation over the mean. Needs two or more different percentiles.
    """
    from statistics import NormalDist, linear_regression  # noqa: PLC0415  # slow, and seldom needed

    normal = NormalDist()
    shares = [share for name in percentiles if (share := share_below(name)) is not None]
    quantiles = [normal.inv_cdf(share) for share in shares]
    sigma, middle = linear_regression(quantiles, [log(each) for each in percentiles.values()])
    if middle + sigma**2 > _LARGEST_EXPONENT:
        return inf, inf
    return exp(middle + sigma**2 / 2.0), sqrt(expm1(sigma**2))


def _lengths(percentiles: Mapping[str, int], means: tuple[int, ...], spread: float) -> Lengths:
    if not percentiles:
        return Lengths(means, spread, max(means))
    mean, found = log_normal(percentiles)
    return Lengths((max(1, round(mean)),), found, max(percentiles.values()))
