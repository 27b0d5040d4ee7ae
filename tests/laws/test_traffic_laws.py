"""Percentiles of latencies: ordered, up with the rate, unknown exactly from capacity on."""

from __future__ import annotations

import math

import pytest
from attrs import evolve
from candidates import deployments, engines, gpus, loads, one
from hypothesis import assume, given
from hypothesis import strategies as st

from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import PERCENTS
from sizer.schema.scenario import Deployment, Load

ROUNDING = 1e-6
CROWDED = 1.02  # who is let in at once makes the steps of others longer, for a shorter wait
SUSTAINED = 1.01  # activations of a larger step take some of the cache
ROOM_GIB = 2000.0
LATENCIES = ("ttft", "tpot", "itl", "e2e")
spreads = st.sampled_from([0.0, 0.5, 1.5])
shares = st.floats(0.01, 0.95)
FIRST = tuple(f"ttft_p{percent}_ms" for percent in PERCENTS)
PACE = tuple(f"tpot_p{percent}_ms" for percent in PERCENTS)


@st.composite
def open_loads(draw: st.DrawFn) -> Load:
    """Draw a load whose rate is given later: lengths that differ, bursts, and any router."""
    return evolve(
        draw(loads()),
        concurrency=None,
        request_rate=1.0,
        input_tokens_spread=draw(spreads),
        output_tokens_spread=draw(spreads),
        burstiness=draw(st.sampled_from([0.3, 1.0, math.inf])),
        router=draw(st.sampled_from(["round_robin", "least_loaded", "affine"])),
    )


def _of_chat(load: Load) -> Load:
    answer = max(load.output_tokens, 32)
    return evolve(
        load,
        burstiness=1.0,
        output_tokens=answer,
        max_context=load.input_tokens + answer,
        input_tokens_spread=min(load.input_tokens_spread, 0.5),
    )


# medians fall by some 0.1 % where more of a long tail is met: of bursts, of prompts that differ by
# more than their mean, and of answers of few tokens, which are all wait
poisson = open_loads().map(_of_chat)


def at(load: Load, rate: float) -> Load:
    return evolve(load, request_rate=rate)


def most_of(deployment: Deployment, gpu: Gpu, load: Load, engine: Engine) -> float:
    """Return the rate that is sustained; a draw of which no request fits is none."""
    (most,) = one(deployment, gpu, load, engine, "max_request_rate")
    assume(math.isfinite(most))
    return most


@given(deployments(), gpus(), open_loads(), engines, shares)
def test_percentiles_never_fall_with_the_percent(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, share: float
) -> None:
    most = most_of(deployment, gpu, load, engine)
    for name in LATENCIES:
        names = [f"{name}_p{percent}_ms" for percent in PERCENTS]
        found = one(deployment, gpu, at(load, share * most), engine, *names)
        assert found == pytest.approx(sorted(found), rel=1e-9)
        assert found[0] > 0


@given(deployments(), gpus(), loads(), engines)
def test_a_closed_loops_percentiles_are_ordered_too(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    for name in LATENCIES:
        names = [f"{name}_p{percent}_ms" for percent in PERCENTS]
        found = one(deployment, gpu, load, engine, *names)
        assume(not math.isnan(found[0]))
        assert found == pytest.approx(sorted(found), rel=1e-9)


@given(deployments(), gpus(), poisson, engines, shares, shares)
def test_first_tokens_and_paces_are_later_at_a_higher_rate(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, one_share: float, other: float
) -> None:
    most = most_of(deployment, gpu, load, engine)
    low, high = sorted((one_share * most, other * most))
    fewer = one(deployment, gpu, at(load, low), engine, *FIRST, *PACE)
    more = one(deployment, gpu, at(load, high), engine, *FIRST, *PACE)
    for before, after in zip(fewer, more, strict=True):
        assert after >= before * (1 - ROUNDING)


@given(deployments(), gpus(), open_loads(), engines, st.floats(0.5, 1.5))
def test_latencies_are_unknown_exactly_from_capacity_on(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, share: float
) -> None:
    assume(abs(share - 1.0) > 1e-9)
    most = most_of(deployment, gpu, load, engine)
    names = ("overloaded", "utilization", "ttft_p99_ms", "e2e_p50_ms", "ttft_ms_high")
    over, busy, first, whole, high = one(deployment, gpu, at(load, share * most), engine, *names)
    assert (over == 1) == (share >= 1)
    assert busy == pytest.approx(share)
    assert math.isnan(first) == math.isnan(whole) == (share >= 1)
    assert math.isnan(high) or share < 1


@given(deployments(), gpus(), loads(), engines)
def test_a_rate_near_zero_gives_the_lone_request(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    alone = evolve(load, concurrency=1, requests=10**9)
    names = ("ttft_ms", "itl_ms", "ttft_p50_ms", "tpot_p99_ms", "e2e_p90_ms")
    lone = one(deployment, gpu, alone, engine, *names)
    assume(not math.isnan(lone[0]))
    rare = evolve(load, concurrency=None, request_rate=1e-9)
    assert one(deployment, gpu, rare, engine, *names) == pytest.approx(lone, rel=1e-3)


@given(deployments(), gpus(), poisson, shares, st.integers(1, 256))
def test_first_tokens_are_no_later_with_more_slots(
    deployment: Deployment, gpu: Gpu, load: Load, share: float, slots: int
) -> None:
    roomy = evolve(gpu, memory_gib=gpu.memory_gib + ROOM_GIB)  # slots take none of the cache's
    fewer, more = Engine(max_num_seqs=slots), Engine(max_num_seqs=2 * slots)
    rate = share * most_of(deployment, roomy, load, fewer)
    few = one(deployment, roomy, at(load, rate), fewer, *FIRST)
    many = one(deployment, roomy, at(load, rate), more, *FIRST)
    assert all(after <= before * CROWDED for before, after in zip(few, many, strict=True))


@given(deployments(), gpus(), open_loads(), st.integers(512, 8192), st.floats(1, 8))
def test_what_is_sustained_is_no_less_with_a_larger_step(
    deployment: Deployment, gpu: Gpu, load: Load, tokens: int, more: float
) -> None:
    roomy = evolve(gpu, memory_gib=gpu.memory_gib + ROOM_GIB)  # nor do activations
    small = Engine(max_num_batched_tokens=tokens)
    large = Engine(max_num_batched_tokens=int(tokens * more))
    less = most_of(deployment, roomy, load, small)
    assert most_of(deployment, roomy, load, large) >= less / SUSTAINED


@given(deployments(), gpus(), poisson, engines, shares, st.sampled_from([2, 4]))
def test_more_replicas_are_never_later(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, share: float, times: int
) -> None:
    rate = share * most_of(deployment, gpu, load, engine)
    spread = evolve(deployment, replicas=times)
    few = one(deployment, gpu, at(load, rate), engine, *FIRST, *PACE)
    many = one(spread, gpu, at(load, rate), engine, *FIRST, *PACE)
    for before, after in zip(few, many, strict=True):
        assert after <= before * (1 + ROUNDING)


@given(deployments(), gpus(), loads(), engines, st.integers(1, 10**6), st.floats(0.1, 1e4))
def test_users_who_think_are_served_no_faster_than_capacity(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, users: int, think: float
) -> None:
    people = evolve(load, concurrency=None, users=users, think_time_s=think)
    names = ("max_request_rate", "tokens_per_second", "concurrency", "overloaded")
    most, served, flying, over = one(deployment, gpu, people, engine, *names)
    assume(math.isfinite(most))
    assert served / load.output_tokens <= most * (1 + ROUNDING)
    assert over == 0
    assert 0 < flying <= users * (1 + ROUNDING)
