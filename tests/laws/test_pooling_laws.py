"""What reads only: rates rise with the batch, and never above arithmetic or what is sustained."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from candidates import deployments, gpus, row
from hypothesis import assume, given
from hypothesis import strategies as st

from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.metrics import PERCENTS
from sizer.schema.scenario import Deployment, Load, Scenario
from sizer.units import GIB

ROUNDING = 1e-6
PERCENTILES = tuple(f"e2e_p{percent}_ms" for percent in PERCENTS)
lengths = st.integers(4, 16_384)
spreads = st.sampled_from([0.0, 0.5, 1.5])
readers = st.sampled_from(["vllm", "tei", "infinity", "generic"]).map(Engine)
shares = st.floats(0.01, 0.95)


def _both_ways(model: Model) -> Model:
    layers = tuple(
        evolve(each, attention=evolve(each.attention, cached=False)) for each in model.layers
    )
    return evolve(model, layers=layers)


@st.composite
def embedders(draw: st.DrawFn) -> Deployment:
    """Draw a model that embeds: an encoder, or what else would write."""
    made = draw(deployments())
    model = evolve(made.model, task="embed")
    return evolve(made, model=_both_ways(model) if draw(st.booleans()) else model)


def asked(deployment: Deployment, gpu: Gpu, load: Load, engine: Engine) -> Scenario:
    return evolve(row(deployment, gpu, load, engine), task="embed")


def figures(scenario: Scenario, *names: str) -> list[float]:
    table = estimate(scenario, names)
    return [float(table[name].values[0]) for name in names]


def closed(tokens: int, concurrency: int) -> Load:
    return Load(tokens, 0, concurrency, None, 16_384)


def opened(tokens: int, rate: float, spread: float = 0.0) -> Load:
    return Load(tokens, 0, None, rate, 16_384, input_tokens_spread=spread)


def most(deployment: Deployment, gpu: Gpu, load: Load, engine: Engine) -> float:
    (found,) = figures(asked(deployment, gpu, load, engine), "max_request_rate")
    assume(math.isfinite(found))
    return found


@given(embedders(), gpus(), lengths, readers)
def test_rates_rise_with_the_requests_in_flight(
    deployment: Deployment, gpu: Gpu, tokens: int, engine: Engine
) -> None:
    limit = most(deployment, gpu, closed(tokens, 1), engine)
    rates = [
        figures(asked(deployment, gpu, closed(tokens, c), engine), "requests_per_second")[0]
        for c in (1, 2, 3, 8, 64, 1024)
    ]
    assert all(b >= a * (1.0 - ROUNDING) for a, b in pairwise(rates))
    assert rates[-1] <= limit * (1.0 + ROUNDING)


@given(embedders(), gpus(), lengths, readers)
def test_no_rate_is_above_the_arithmetic_of_the_accelerator(
    deployment: Deployment, gpu: Gpu, tokens: int, engine: Engine
) -> None:
    limit = most(deployment, gpu, closed(tokens, 1), engine)
    names = ("flops_per_token", "expert_flops_per_token", "peak_flops", "peak_flops_16", "tp")
    flops, experts, peak, wide, _ = figures(
        asked(deployment, gpu, closed(tokens, 1), engine), *names
    )
    assert limit * tokens * (flops + experts) <= max(peak, wide) * (1.0 + ROUNDING)


@given(embedders(), gpus(), lengths, st.integers(1, 4096), readers)
def test_longer_texts_are_never_read_faster(
    deployment: Deployment, gpu: Gpu, tokens: int, more: int, engine: Engine
) -> None:
    short = most(deployment, gpu, closed(tokens, 1), engine)
    assert most(deployment, gpu, closed(tokens + more, 1), engine) <= short * (1.0 + ROUNDING)
    alone = [
        figures(asked(deployment, gpu, closed(each, 1), engine), "e2e_ms")[0]
        for each in (tokens, tokens + more)
    ]
    assert alone[1] >= alone[0] * (1.0 - ROUNDING)


@given(embedders(), gpus(), lengths, spreads, readers, shares, st.floats(1.01, 1.5))
def test_latencies_rise_with_the_rate_and_by_percent(
    deployment: Deployment,
    gpu: Gpu,
    tokens: int,
    spread: float,
    engine: Engine,
    share: float,
    growth: float,
) -> None:
    """The median is held only of texts that differ less than their mean.

    Of others a gamma's median may fall while its mean and its tail rise.
    """
    limit = most(deployment, gpu, opened(tokens, 1.0, spread), engine)
    assume(share * growth < 0.97)
    names = ("e2e_ms", *PERCENTILES)
    low, high = (
        figures(asked(deployment, gpu, opened(tokens, limit * each, spread), engine), *names)
        for each in (share, share * growth)
    )
    assert low[1:] == sorted(low[1:])
    rise = dict(zip(names, zip(low, high, strict=True), strict=True))
    if spread >= 1.0:
        del rise["e2e_p50_ms"]
    assert all(b >= a * (1.0 - 0.01) for a, b in rise.values())


@given(embedders(), gpus(), lengths, readers, st.floats(0.5, 2.0))
def test_latencies_are_known_exactly_below_what_is_sustained(
    deployment: Deployment, gpu: Gpu, tokens: int, engine: Engine, share: float
) -> None:
    assume(abs(share - 1.0) > 1e-6)
    limit = most(deployment, gpu, opened(tokens, 1.0), engine)
    load = opened(tokens, limit * share)
    names = ("e2e_ms", *PERCENTILES, "requests_per_second", "overloaded")
    *found, over = figures(asked(deployment, gpu, load, engine), *names)
    assert [math.isfinite(each) for each in found] == [share < 1.0] * len(found)
    assert over == (share > 1.0)


@given(embedders(), gpus(), lengths, readers, shares)
def test_littles_law_holds(
    deployment: Deployment, gpu: Gpu, tokens: int, engine: Engine, share: float
) -> None:
    rate = share * most(deployment, gpu, opened(tokens, 1.0), engine)
    names = ("concurrency", "requests_per_second", "e2e_ms")
    flight, served, e2e = figures(asked(deployment, gpu, opened(tokens, rate), engine), *names)
    assert served == pytest.approx(rate)
    assert flight == pytest.approx(rate * e2e / 1e3)


@given(embedders(), gpus(), lengths, st.integers(1, 100_000))
def test_no_cache_is_held_for_who_waits(
    deployment: Deployment, gpu: Gpu, tokens: int, concurrency: int
) -> None:
    scenario = asked(deployment, gpu, closed(tokens, concurrency), Engine())
    names = ("kv_cache_gib", "request_bytes_at_end", "admitted_requests", "chunk_bytes")
    cache, of_one, texts, chunk = figures(scenario, *names)
    assert cache * GIB <= (of_one * texts + chunk) * (1.0 + ROUNDING)
    assert not deployment.model.is_encoder or cache == 0.0
    assert np.isfinite(cache)
