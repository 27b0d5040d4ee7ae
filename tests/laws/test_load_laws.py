"""More load than an engine has room for: requests wait, and nothing is served that cannot be."""

from __future__ import annotations

import math

import pytest
from attrs import evolve
from candidates import deployments, engines, gpus, loads, one
from hypothesis import assume, given
from hypothesis import strategies as st

from sizer.estimate.device.shard import shard
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment, Load

ROUNDING = 1 + 1e-9
copies = st.sampled_from([1, 2, 8])
rates = st.floats(1e-3, 1e4)


def never_less(before: float, after: float) -> bool:
    return math.isnan(before) or after >= before / ROUNDING


@given(deployments(), gpus(), loads(), engines, copies, st.integers(1, 2048))
def test_throughput_never_falls_with_more_requests_in_flight(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, replicas: int, extra: int
) -> None:
    copied = evolve(deployment, replicas=replicas)
    few = (load.concurrency or 0) + replicas
    lighter, heavier = evolve(load, concurrency=few), evolve(load, concurrency=few + extra)
    (before,) = one(copied, gpu, lighter, engine, "tokens_per_second")
    (after,) = one(copied, gpu, heavier, engine, "tokens_per_second")
    assert never_less(before, after)


@given(deployments(), gpus(), loads(), engines)
def test_throughput_is_never_above_the_most_that_is_told(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    names = ("tokens_per_second", "max_tokens_per_second")
    rate, most = one(deployment, gpu, load, engine, *names)
    assert math.isnan(most) or never_less(rate, most)


@given(deployments(), gpus(), loads(), engines)
def test_no_rate_needs_more_arithmetic_than_the_peak(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    """A prompt, and all output tokens but the first: their matrix products alone."""
    facts = shard(deployment)
    token = facts.flops_per_token + facts.expert_flops_per_token
    request = (load.input_tokens + load.output_tokens - 1) * token
    best = max(peak or 0 for peak in (gpu.peaks.fp32, gpu.peaks.bf16, gpu.peaks.fp8)) * 1e12
    rate, most = one(deployment, gpu, load, engine, "tokens_per_second", "max_request_rate")
    assert rate / load.output_tokens * request <= best
    assert math.isnan(most) or most * request <= best


@given(deployments(), gpus(), loads(), engines, st.integers(2, 50))
def test_the_first_token_of_a_saturated_closed_loop_is_littles_law(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, times: int
) -> None:
    names = ("saturated_concurrency", "max_request_rate")
    admitted, most = one(deployment, gpu, load, engine, *names)
    assume(not math.isnan(most))
    waiting = evolve(load, concurrency=int(admitted) * times)
    names = ("ttft_ms", "itl_ms", "arrival_seconds", "e2e_ms", "utilization")
    ttft, itl, alone, e2e, busy = one(deployment, gpu, waiting, engine, *names)
    decoding = (load.output_tokens - 1) * itl
    cycle = (waiting.concurrency or 0) / times / most * 1e3
    served = max(alone * 1e3 + decoding, cycle)
    assert busy == 1
    assert ttft == pytest.approx(times * served - decoding, abs=1e-9 * e2e)


@given(deployments(), gpus(), loads(), engines, rates)
def test_what_keeps_up_has_latencies_and_what_does_not_has_none(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, rate: float
) -> None:
    offered = evolve(load, concurrency=None, request_rate=rate)
    names = ("overloaded", "utilization", "ttft_ms", "itl_ms", "tokens_per_second", "fits")
    overloaded, busy, ttft, itl, served, fits = one(deployment, gpu, offered, engine, *names)
    alone = evolve(load, concurrency=1)
    assert [fits] == one(deployment, gpu, alone, engine, "fits") or overloaded != 1
    assume(overloaded != -1)  # no request has room
    assert bool(overloaded) == (busy >= 1) or busy == pytest.approx(1)
    assert all(math.isnan(each) == bool(overloaded) for each in (ttft, itl, served))


@given(deployments(), gpus(), loads(), engines)
def test_a_closed_loop_is_never_overloaded(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    overloaded, busy = one(deployment, gpu, load, engine, "overloaded", "utilization")
    assert overloaded == 0
    assert math.isnan(busy) or 0 < busy <= 1
