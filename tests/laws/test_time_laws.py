from __future__ import annotations

import pytest
from attrs import evolve
from candidates import deployments, engines, gpus, loads, one
from hypothesis import given
from hypothesis import strategies as st

from sizer.estimate.device.shard import shard
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.price import Price
from sizer.schema.scenario import Deployment, Load

factor = st.floats(1.001, 8)
ROUNDING = 1 + 1e-9


def never_slower(before: float, after: float) -> bool:
    return after >= before / ROUNDING


@given(deployments(), gpus(), loads(), engines, factor)
def test_throughput_never_falls_with_more_bandwidth(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, by: float
) -> None:
    faster = evolve(gpu, bandwidth_gb_s=(gpu.bandwidth_gb_s or 0) * by)
    (before,) = one(deployment, gpu, load, engine, "tokens_per_second")
    (after,) = one(deployment, faster, load, engine, "tokens_per_second")
    assert never_slower(before, after)


@given(deployments(), gpus(), loads(), engines, factor)
def test_throughput_never_falls_with_more_arithmetic(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, by: float
) -> None:
    sheet = gpu.peaks
    peaks = evolve(
        sheet,
        fp32=(sheet.fp32 or 0) * by,
        fp16=(sheet.fp16 or 0) * by,
        bf16=(sheet.bf16 or 0) * by,
        fp8=(sheet.fp8 or 0) * by,
    )
    (before,) = one(deployment, gpu, load, engine, "tokens_per_second")
    (after,) = one(deployment, evolve(gpu, peaks=peaks), load, engine, "tokens_per_second")
    assert never_slower(before, after)


@given(deployments(), gpus(), loads(), engines, factor)
def test_throughput_never_falls_with_a_faster_link(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, by: float
) -> None:
    faster = evolve(gpu, link_gb_s=(gpu.link_gb_s or 0) * by)
    (before,) = one(deployment, gpu, load, engine, "tokens_per_second")
    (after,) = one(deployment, faster, load, engine, "tokens_per_second")
    assert never_slower(before, after)


@given(deployments(), gpus(), loads(), engines, st.integers(1, 64))
def test_throughput_never_rises_with_more_parameters(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, extra: int
) -> None:
    (group,) = deployment.model.layers
    taller = evolve(deployment.model, layers=(evolve(group, count=group.count + extra),))
    (before,) = one(deployment, gpu, load, engine, "tokens_per_second")
    (after,) = one(evolve(deployment, model=taller), gpu, load, engine, "tokens_per_second")
    assert never_slower(after, before)


@given(deployments(), gpus(), loads(), engines, st.integers(1, 512))
def test_itl_never_falls_with_more_concurrency(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, extra: int
) -> None:
    fuller = evolve(load, concurrency=(load.concurrency or 0) + extra)
    (before,) = one(deployment, gpu, load, engine, "itl_ms")
    (after,) = one(deployment, gpu, fuller, engine, "itl_ms")
    assert never_slower(before, after)


@given(deployments(), gpus(), loads(), engines, st.integers(1, 8192))
def test_requests_never_get_faster_with_a_longer_prompt(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, extra: int
) -> None:
    inputs = load.input_tokens + extra
    longer = evolve(load, input_tokens=inputs, max_context=inputs + load.output_tokens)
    names = ("ttft_ms", "e2e_ms", "running", "itl_ms")
    before = one(deployment, gpu, load, engine, *names)
    after = one(deployment, gpu, longer, engine, *names)
    assert all(never_slower(b, a) for b, a in zip(before[:2], after[:2], strict=True))
    if before[2] == after[2]:  # fewer that run at once have a shorter step
        assert never_slower(before[3], after[3])


@given(deployments(), gpus(), loads(), engines)
def test_a_step_takes_at_least_each_of_its_floors(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    facts = shard(deployment)
    step_ms, running = one(deployment, gpu, load, engine, "decode_step_ms", "running")
    read_ms = facts.dense_read_bytes / ((gpu.bandwidth_gb_s or 1) * 1e9) * 1e3
    best_peak = max(peak or 0 for peak in (gpu.peaks.fp32, gpu.peaks.bf16, gpu.peaks.fp8)) * 1e12
    work_ms = running * facts.flops_per_token / best_peak * 1e3
    assert step_ms >= read_ms
    assert step_ms >= work_ms


@given(deployments(), gpus(), loads(), engines)
def test_a_prompt_takes_at_least_its_arithmetic(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    (prefill_ms,) = one(deployment, gpu, load, engine, "prefill_ms")
    best_peak = max(peak or 0 for peak in (gpu.peaks.fp32, gpu.peaks.bf16, gpu.peaks.fp8)) * 1e12
    assert prefill_ms >= load.input_tokens * shard(deployment).flops_per_token / best_peak * 1e3


@given(deployments(), gpus(), loads(), engines)
def test_a_request_is_its_first_token_and_the_others(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    e2e, ttft, itl = one(deployment, gpu, load, engine, "e2e_ms", "ttft_ms", "itl_ms")
    assert e2e == pytest.approx(ttft + (load.output_tokens - 1) * itl)


@given(deployments(), gpus(), loads(), engines)
def test_throughputs_agree_with_each_other(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    names = ("tokens_per_second", "tokens_per_second_per_gpu", "gpus", "total_tokens_per_second")
    rate, each, count, total = one(deployment, gpu, load, engine, *names)
    assert each * count == pytest.approx(rate)
    tokens = load.input_tokens + load.output_tokens
    assert total * load.output_tokens == pytest.approx(rate * tokens)


@given(deployments(), gpus(), loads(), engines, factor)
def test_cost_is_linear_in_price(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, by: float
) -> None:
    from candidates import row  # noqa: PLC0415

    from sizer.estimate import estimate  # noqa: PLC0415

    names = ("cost_usd_per_hour", "cost_usd_per_month", "cost_usd_per_mtok")
    scenario = row(deployment, gpu, load, engine)
    dearer = evolve(scenario, prices=((Price("law-gpu", "law", 2.5 * by, "2026-01-01"),),))
    before, after = estimate(scenario, names), estimate(dearer, names)
    for name in names:
        expected = before[name].values[0] * by
        assert after[name].values[0] == pytest.approx(expected, nan_ok=True)


@given(deployments(), gpus(), loads(), engines)
def test_nothing_is_faster_without_graphs(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    eager = evolve(engine, enforce_eager=True)
    names = ("decode_step_ms", "prefill_ms")
    replayed, launched = (one(deployment, gpu, load, each, *names) for each in (engine, eager))
    assert all(never_slower(*pair) for pair in zip(replayed, launched, strict=True))


@given(deployments(), gpus(), loads(), engines)
def test_an_engine_without_a_server_is_never_slower(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    inside = evolve(engine, served_by="in_process")
    names = ("ttft_ms", "itl_ms")
    called, behind = (one(deployment, gpu, load, each, *names) for each in (inside, engine))
    assert all(never_slower(*pair) for pair in zip(called, behind, strict=True))
