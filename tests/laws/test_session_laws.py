"""Histories of sessions in a cache: as a plain LRU finds them, and more cache never finds less."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from random import Random

import numpy as np
import pytest
from attrs import evolve
from candidates import deployments, gpus, loads, row
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sizer.estimate import estimate
from sizer.estimate.columns.visits import found_share
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import PERCENTS
from sizer.schema.scenario import Deployment, Load

REQUESTS = 60_000
ROUNDING = 1.0 + 1e-9
FEW = settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
TTFTS = ("ttft_ms", *(f"ttft_p{each}_ms" for each in PERCENTS))
turns = st.integers(2, 12)
thoughts = st.floats(0.1, 600)


def lru(each: int, rate: float, think_s: float, caches: int, room: float) -> float:
    """Return the share of histories that LRU caches find; a turn adds 1 to its history."""
    draws = Random(7)  # noqa: S311  # a simulation, to be the same each time
    now, number, count = 0.0, 0, 0
    kept: list[OrderedDict[int, int]] = [OrderedDict() for _ in range(caches)]
    sizes, found, asked = [0] * caches, 0, 0
    events = [(0.0, 0, 1)]
    while count < REQUESTS:
        now, session, turn = heapq.heappop(events)
        if turn == 1:
            number += 1
            heapq.heappush(events, (now + draws.expovariate(rate / each), number, 1))
        at = draws.randrange(caches)
        there = kept[at].pop(session, 0)
        sizes[at] += turn - there
        kept[at][session] = turn
        while sizes[at] > room:
            sizes[at] -= kept[at].popitem(last=False)[1]
        if count > REQUESTS / 5:
            found, asked = found + there, asked + turn - 1
        if turn < each:
            heapq.heappush(events, (now + draws.expovariate(1.0 / think_s), session, turn + 1))
        count += 1
    return found / asked


@pytest.mark.parametrize("caches", [1, 2, 4])
@pytest.mark.parametrize("each", [3, 10])
@pytest.mark.parametrize("fill", [0.2, 0.6, 1.2, 3.0])
def test_the_characteristic_time_finds_what_a_plain_lru_finds(
    caches: int, each: int, fill: float
) -> None:
    """`fill` is the room of a cache over the histories that come to it while a user thinks."""
    rate, think_s, mean = 20.0 * caches, 10.0, (each + 1) / 2.0
    room = fill * rate / caches * think_s * mean
    one = np.ones(1)
    asked = each * one, one, rate / caches * one, think_s * one, caches * one, mean * one
    told = float(found_share(*asked, room * one)[0])
    assert told == pytest.approx(lru(each, rate, think_s, caches, room), abs=0.03)


def with_turns(load: Load, count: int, think_s: float, rate: float = 0.5) -> Load:
    """Return a load of sessions at a rate, whose prompts have room for their answers."""
    least = (load.output_tokens + 1) * (count + 1) // 2 + load.shared_prefix_tokens
    tokens = max(load.input_tokens, least)
    return evolve(
        load,
        input_tokens=tokens,
        max_context=2 * (tokens + load.output_tokens),
        concurrency=None,
        request_rate=rate,
        turns=count,
        think_time_s=think_s,
        prefix_hit_share=0.0,
    )


def figures(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, *names: str
) -> list[float]:
    table = estimate(row(deployment, gpu, load, engine), names)
    return [float(table[name].values[0]) for name in names]


@FEW
@given(deployments(), gpus(), loads(), turns, thoughts, st.floats(1.1, 10))
def test_a_longer_thought_never_finds_more(
    deployment: Deployment, gpu: Gpu, load: Load, count: int, think_s: float, longer: float
) -> None:
    asked = with_turns(load, count, think_s)
    (short,) = figures(deployment, gpu, asked, Engine(), "session_hit_share")
    late = evolve(asked, think_time_s=think_s * longer)
    (long,) = figures(deployment, gpu, late, Engine(), "session_hit_share")
    assume(np.isfinite(short) and np.isfinite(long))
    assert long <= short * ROUNDING


@FEW
@given(deployments(), gpus(), loads(), turns, thoughts, st.floats(1.1, 10))
def test_more_cache_never_finds_less(
    deployment: Deployment, gpu: Gpu, load: Load, count: int, think_s: float, more: float
) -> None:
    asked, size = with_turns(load, count, think_s), 4 * 2**30
    small = Engine(kv_cache_memory_bytes=size)
    large = Engine(kv_cache_memory_bytes=int(size * more))
    (few,) = figures(deployment, gpu, asked, small, "session_hit_share")
    (many,) = figures(deployment, gpu, asked, large, "session_hit_share")
    assume(np.isfinite(few) and np.isfinite(many))
    assert few <= many * ROUNDING
    assert 0.0 <= few <= 1.0


@FEW
@given(
    deployments(),
    gpus(),
    loads(),
    turns,
    thoughts,
    st.floats(0.1, 500),
    st.floats(0.1, 200),
    st.floats(1, 10),
)
def test_cache_beside_the_accelerators_never_makes_a_first_token_later(
    deployment: Deployment,
    gpu: Gpu,
    load: Load,
    count: int,
    think_s: float,
    size_gib: float,
    speed_gb_s: float,
    more: float,
) -> None:
    asked = with_turns(load, count, think_s)
    names = ("cached_prompt_share", *TTFTS)
    found = [
        figures(deployment, gpu, asked, engine, *names)
        for engine in (
            Engine(),
            Engine(cpu_cache_gib=size_gib, cpu_cache_gb_s=speed_gb_s),
            Engine(cpu_cache_gib=size_gib * more, cpu_cache_gb_s=speed_gb_s),
        )
    ]
    assume(np.isfinite(found).all())
    (few, *late), (some, *sooner), (many, *_) = found
    assert few <= some * ROUNDING
    assert some <= many * ROUNDING
    assert all(with_tier <= plain * ROUNDING for with_tier, plain in zip(sooner, late, strict=True))


@FEW
@given(deployments(), gpus(), loads(), turns, thoughts)
def test_a_router_that_keeps_sessions_never_finds_less(
    deployment: Deployment, gpu: Gpu, load: Load, count: int, think_s: float
) -> None:
    apart = with_turns(evolve(load, router="round_robin", shared_prefix_tokens=0), count, think_s)
    several = evolve(deployment, replicas=4)
    (spread,) = figures(several, gpu, apart, Engine(), "session_hit_share")
    kept = evolve(apart, router="affine")
    (together,) = figures(several, gpu, kept, Engine(), "session_hit_share")
    assume(np.isfinite(spread) and np.isfinite(together))
    assert spread <= together * ROUNDING


@FEW
@given(deployments(), gpus(), loads())
def test_a_load_without_turns_is_as_before(deployment: Deployment, gpu: Gpu, load: Load) -> None:
    names = ("ttft_ms", "itl_ms", "cached_prompt_share", "max_request_rate")
    plain = figures(deployment, gpu, load, Engine(), *names)
    assert plain == pytest.approx(
        figures(deployment, gpu, evolve(load, think_time_s=30.0), Engine(), *names), nan_ok=True
    )
    (hits,) = figures(deployment, gpu, load, Engine(), "session_hit_share")
    assert np.isnan(hits)


def test_a_history_that_all_stays_is_what_the_turns_sent_before() -> None:
    """Of 3 turns of 100 tokens and answers of 50: prompts of 100, 250 and 400, 150 + 300 kept."""
    load = Load(250, 50, None, 0.01, 450, turns=3, think_time_s=1.0)
    assert load.history_share == pytest.approx((150 + 300) / (100 + 250 + 400))
