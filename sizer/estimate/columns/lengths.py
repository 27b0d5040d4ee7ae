"""Lengths of a load as terms read them: moments and percentiles, of a log or of a log-normal."""

from __future__ import annotations

from math import exp, log1p, sqrt
from statistics import NormalDist

from sizer.schema.scenario import Load


def input_moment(load: Load, power: int) -> float:
    """Return E[S**power] / E[S]**power of prompts, no prompt being longer than the context.

    Without a log they are log-normal of the given spread.
    """
    if load.lengths is not None:
        mean = load.lengths.input_tokens
        return load.lengths.moment(power) / mean**power if mean else 1.0
    square = 1.0 + load.input_tokens_spread**2
    longest = max(load.max_context / load.input_tokens, square)
    bounded = square * longest ** (power - 2)
    most = power * (power - 1) / 2
    return min(exp(most * log1p(load.input_tokens_spread**2)), bounded)


def inverse_answer(load: Load, power: int) -> float:
    """Return E[1 / (L - 1)**power] of answers, 1 for those of one or two tokens."""
    if load.lengths is not None:
        pairs = load.lengths.pairs
        return sum(share / max(answer - 1.0, 1.0) ** power for _, answer, share in pairs)
    further = max(load.output_tokens - 1.0, 1.0)
    spread = power * (power + 1) / 2 * log1p(load.output_tokens_spread**2)
    return min(exp(spread) / further**power, 1.0)


def answer_at(load: Load, percent: int) -> float:
    """Return the answer length in tokens that a percent of requests do not exceed."""
    share = percent / 100.0
    if load.lengths is not None:
        return _weighted([(answer, part) for _, answer, part in load.lengths.pairs], share)
    sigma = sqrt(log1p(load.output_tokens_spread**2))
    score = NormalDist().inv_cdf(share)
    found = load.output_tokens * exp(sigma * score - sigma * sigma / 2.0)
    return min(max(found, 1.0), float(max(load.max_context, load.output_tokens)))


def _weighted(values: list[tuple[float, float]], share: float) -> float:
    reached = 0.0
    for value, part in sorted(values):
        reached += part
        if reached >= share:
            return value
    return max(value for value, _ in values)
