"""Prompts read apart: neither side loses by more of it, and the scarcer one decides."""

from __future__ import annotations

import math

import pytest
from attrs import evolve
from candidates import deployments, gpus, loads, one
from hypothesis import assume, given
from hypothesis import strategies as st

from sizer.schema.asked.disaggregated import Disaggregated, Side
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.prefill import PrefillReplicas
from sizer.schema.scenario import Deployment, Load

ROUNDING = 1 + 1e-6
LINK_GB_S = 50.0
copies = st.integers(1, 4)
parts = st.floats(0.01, 0.99)


def engine(link_gb_s: float = LINK_GB_S) -> Engine:
    asked = Disaggregated(prefill=Side(replicas=(1,)), link_gb_s=link_gb_s)
    return Engine(disaggregated=asked)


def apart(deployment: Deployment, prefill: int, decode: int) -> Deployment:
    """Return so many replicas of each side, both split alike."""
    split = deployment.tp, deployment.pp, deployment.ep, deployment.dp
    return evolve(deployment, replicas=decode, prefill=PrefillReplicas(prefill, *split))


def at_rate(load: Load, rate: float) -> Load:
    return evolve(load, concurrency=None, request_rate=rate)


def sustained(deployment: Deployment, gpu: Gpu, load: Load) -> float:
    (most,) = one(deployment, gpu, at_rate(load, 1.0), engine(), "max_request_rate")
    assume(math.isfinite(most))
    return most


@given(deployments(), gpus(), loads(), copies, copies, parts)
def test_more_replicas_that_read_prompts_never_delay_the_first_token(
    deployment: Deployment, gpu: Gpu, load: Load, prefill: int, decode: int, part: float
) -> None:
    few, more = (apart(deployment, n, decode) for n in (prefill, prefill + 1))
    carried = at_rate(load, part * sustained(few, gpu, load))
    (before,), (after,) = (one(each, gpu, carried, engine(), "ttft_ms") for each in (few, more))
    assert after <= before * ROUNDING


@given(deployments(), gpus(), loads(), copies, copies)
def test_more_replicas_of_either_side_never_sustain_less(
    deployment: Deployment, gpu: Gpu, load: Load, prefill: int, decode: int
) -> None:
    least = sustained(apart(deployment, prefill, decode), gpu, load)
    for wider in (
        apart(deployment, prefill, decode + 1),
        apart(deployment, prefill + 1, decode),
    ):
        assert sustained(wider, gpu, load) >= least / ROUNDING


@given(deployments(), gpus(), loads(), copies, copies, parts)
def test_a_faster_link_is_never_worse(
    deployment: Deployment, gpu: Gpu, load: Load, prefill: int, decode: int, part: float
) -> None:
    both = apart(deployment, prefill, decode)
    carried = at_rate(load, part * sustained(both, gpu, load))
    names = ("ttft_ms", "transfer_ms", "max_request_rate")
    slow = one(both, gpu, carried, engine(), *names)
    fast = one(both, gpu, carried, engine(2 * LINK_GB_S), *names)
    assert fast[0] <= slow[0] * ROUNDING
    assert fast[1] <= slow[1] * ROUNDING
    assert fast[2] >= slow[2] / ROUNDING


@given(deployments(), gpus(), loads(), copies, copies, st.floats(0.01, 3.0))
def test_overload_of_either_side_is_overload_of_the_whole(
    deployment: Deployment, gpu: Gpu, load: Load, prefill: int, decode: int, part: float
) -> None:
    both = apart(deployment, prefill, decode)
    carried = at_rate(load, part * sustained(both, gpu, load))
    sides = ("prefill_utilization", "decode_utilization")
    names = (*sides, "utilization", "overloaded", "ttft_ms")
    *busy, whole, over, ttft = one(both, gpu, carried, engine(), *names)
    assert whole >= max(busy) / ROUNDING
    assert over == (whole >= 1.0)
    assert math.isnan(ttft) == bool(over)


@given(deployments(), gpus(), copies, copies, st.integers(0, 2))
def test_accelerators_and_costs_of_both_sides_add_up(
    deployment: Deployment, gpu: Gpu, prefill: int, decode: int, spare: int
) -> None:
    load = Load(1024, 256, None, 1.0, 1280)
    both = evolve(apart(deployment, prefill, decode), spare_replicas=spare)
    alone = evolve(deployment, replicas=decode, spare_replicas=spare)
    names = ("gpus", "cost_usd_per_hour", "prefill_gpus")
    devices, usd, reading = one(both, gpu, load, engine(), *names)
    decoding, usd_decoding, _ = one(alone, gpu, load, engine(), *names)
    assert devices == decoding + reading
    assert reading == both.prefill_copies * deployment.gpus_per_replica
    if math.isfinite(usd):
        assert usd == pytest.approx(usd_decoding * devices / decoding)


@given(deployments(), gpus(), loads(), copies, copies)
def test_requests_of_a_closed_loop_are_all_somewhere(
    deployment: Deployment, gpu: Gpu, load: Load, prefill: int, decode: int
) -> None:
    """Little's law over both sides and the link."""
    both = apart(deployment, prefill, decode)
    closed = evolve(load, concurrency=(load.concurrency or 0) + decode * deployment.dp)
    names = ("e2e_ms", "tokens_per_second", "max_request_rate", "utilization", "concurrency")
    e2e, tokens, most, busy, flight = one(both, gpu, closed, engine(), *names)
    assume(math.isfinite(most))
    rate = tokens / load.output_tokens
    assert flight == closed.concurrency
    assert rate * e2e / 1e3 == pytest.approx(flight, rel=1e-6)
    assert rate <= most * ROUNDING
    assert rate / most == pytest.approx(busy, rel=1e-5)
