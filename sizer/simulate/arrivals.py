"""Requests of a load: drawn before a run, so that every deployment sees the same ones.

Each column has a stream of its own, by the seed and its number: the first requests are the same
however many are drawn.
"""

from __future__ import annotations

from math import ceil, inf, log1p, sqrt
from typing import Literal

import numpy as np
from numpy.random import Generator, default_rng

from sizer.schema.facts.requests import Requests, Seconds, Tokens
from sizer.schema.scenario import Load

USUAL_COUNT = 10_000  # of an open load: a hundred requests are beyond the 99th percentile
WAVES = 8  # of a closed one: the first is an eighth of a run, as the closed form takes it
LEAST_CLOSED = 100
SLACK = 1.1  # arrivals to draw over those expected
Stream = Literal["gaps", "inputs", "outputs", "pairs", "groups", "thinking"]
STREAMS: tuple[Stream, ...] = ("gaps", "inputs", "outputs", "pairs", "groups", "thinking")


def requests_of(
    load: Load,
    seed: int,
    block_tokens: int,
    *,
    count: int | None = None,
    duration_s: float | None = None,
) -> Requests:
    """Return the requests of a load: `count`, or those of a time where there is a rate.

    Gaps are gamma of the shape `burstiness`, times to think exponential, lengths log-normal by
    their spread, or a log's pairs. A shared prefix counts in whole blocks.
    """
    users = load.most_in_flight
    arrival_s = np.zeros(0)
    if users is None:
        arrival_s = _arrivals(load, seed, count, duration_s)
        total = len(arrival_s)
    else:
        total = count or load.requests or max(WAVES * users, LEAST_CLOSED)
    inputs, outputs = _lengths(load, seed, total)
    groups = _stream(seed, "groups").integers(0, load.prefix_groups, total)
    shared = load.shared_prefix_tokens // block_tokens * block_tokens
    return Requests(
        arrival_s=arrival_s,
        input_tokens=inputs,
        output_tokens=outputs,
        prefixes=tuple((each,) for each in groups.tolist()) if shared else (),
        prefix_tokens=shared,
        keys=groups if shared else None,
        cached_share=load.prefix_hit_share,
        users=users,
        think_s=_thinking(load, seed, total),
    )


def _stream(seed: int, name: Stream) -> Generator:
    return default_rng((seed, STREAMS.index(name)))


def _arrivals(load: Load, seed: int, count: int | None, duration_s: float | None) -> Seconds:
    """Return when requests come, up to a number of them or a time."""
    rate = load.request_rate or 0.0
    total = count or load.requests or USUAL_COUNT
    if duration_s is None:
        return _after_gaps(load, rate, seed, total)
    total = ceil(rate * duration_s * SLACK) + LEAST_CLOSED
    found = _after_gaps(load, rate, seed, total)
    while found[-1] < duration_s:
        total *= 2
        found = _after_gaps(load, rate, seed, total)
    return found[found < duration_s]


def _after_gaps(load: Load, rate: float, seed: int, total: int) -> Seconds:
    shape = load.burstiness
    if shape == inf:
        return np.arange(1, total + 1) / rate
    gaps = _stream(seed, "gaps").gamma(shape, 1.0 / (rate * shape), total)
    return np.cumsum(gaps)


def _thinking(load: Load, seed: int, total: int) -> Seconds | None:
    if load.think_time_s <= 0:
        return None
    return _stream(seed, "thinking").exponential(load.think_time_s, total)


def _lengths(load: Load, seed: int, total: int) -> tuple[Tokens, Tokens]:
    """Return prompts, longer than what they share, and answers."""
    if load.lengths is not None:
        pairs = np.array(load.lengths.pairs)
        shares = np.cumsum(pairs[:, 2])
        draws = _stream(seed, "pairs").random(total) * shares[-1]
        drawn = pairs[np.searchsorted(shares, draws, side="right").clip(max=len(pairs) - 1)]
        inputs, outputs = _whole(drawn[:, 0]), _whole(drawn[:, 1])
    else:
        asked = load.input_tokens, load.input_tokens_spread
        inputs = _log_normal(*asked, _stream(seed, "inputs"), total)
        answered = load.output_tokens, load.output_tokens_spread
        outputs = _log_normal(*answered, _stream(seed, "outputs"), total)
    return np.maximum(inputs, load.shared_prefix_tokens + 1), outputs


def _log_normal(mean: float, spread: float, draws: Generator, total: int) -> Tokens:
    if spread <= 0:
        return np.full(total, mean, np.int64)
    variance = log1p(spread**2)
    return _whole(mean * np.exp(sqrt(variance) * draws.standard_normal(total) - variance / 2.0))


def _whole(lengths: Seconds) -> Tokens:
    return np.maximum(np.rint(lengths), 1).astype(np.int64)
