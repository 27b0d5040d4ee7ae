"""The second opinion: it says what its tables say, and nothing where they are silent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.estimate import estimate, estimator
from sizer.schema.asked.serving import Engine
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Deployment, Load, Scenario
from sizer.schema.table import Table

sdk = pytest.importorskip("aiconfigurator_core.sdk", reason="needs the extra: pip install .[aic]")

NAMES = tuple(metric.name for metric in METRICS)
H100 = "H100-SXM5-80GB"
LLAMA = deployment("meta-llama/Llama-3.1-8B")
LOAD = Load(1024, 256, 8, None, 2048)


def second_opinion(scenario: Scenario) -> Table:
    return estimator("aiconfigurator").estimate(scenario, NAMES)


def cell(table: Table, name: str, row: int = 0) -> float:
    value = table[name].cell(row)
    assert isinstance(value, float), name
    return value


@pytest.mark.parametrize(
    ("asked", "repository", "split"),
    [
        (LLAMA, "meta-llama/Meta-Llama-3.1-8B", {"tp_size": 1}),
        (
            deployment("meta-llama/Llama-3.3-70B-Instruct", "fp8", "fp8", tp=4),
            "nvidia/Llama-3.1-70B-Instruct-FP8",
            {"tp_size": 4},
        ),
        (
            deployment("Qwen/Qwen3-30B-A3B", tp=2),
            "Qwen/Qwen3-30B-A3B",
            {"tp_size": 2, "moe_tp_size": 2, "moe_ep_size": 1},
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_steps_are_those_of_the_published_facade(
    asked: Deployment, repository: str, split: Mapping[str, int]
) -> None:
    found = second_opinion(grid((asked,), loads=(LOAD,)))
    handle = sdk.EngineHandle.compile(
        repository, "h100_sxm", "vllm", backend_version="current", **split
    )
    prompt = handle.predict_prefill_latency(1, LOAD.input_tokens)
    step = handle.decode_step_latency(LOAD.concurrency, LOAD.input_tokens, LOAD.output_tokens)
    assert cell(found, "prefill_ms") == pytest.approx(prompt, rel=0.01)
    assert cell(found, "decode_step_ms") == pytest.approx(step, rel=1e-9)
    assert cell(found, "itl_ms") > step  # others' prompts slow the tokens
    assert cell(found, "ttft_ms") > prompt


def test_a_model_that_it_does_not_bring_along_is_told_by_its_structure() -> None:
    twin = deployment("Qwen/Qwen2.5-7B")
    found = second_opinion(grid((twin, LLAMA), loads=(LOAD,)))
    assert 0.8 < cell(found, "itl_ms", 0) / cell(found, "itl_ms", 1) < 1.1


def test_facts_and_prices_are_the_same_whoever_estimates() -> None:
    scenario = grid((LLAMA, deployment("Qwen/Qwen3-32B", tp=2)), (H100, "L4"))
    ours, theirs = estimate(scenario, NAMES), second_opinion(scenario)
    for name in ("gpu", "params_b", "tp", "gpus", "cost_usd_per_hour", "engine", "concurrency"):
        np.testing.assert_array_equal(ours[name].values, theirs[name].values)


def test_both_agree_on_exact_bytes() -> None:
    scenario = grid((LLAMA, deployment("meta-llama/Llama-3.1-70B", "fp8", tp=8)))
    ours, theirs = estimate(scenario, NAMES), second_opinion(scenario)
    for name, share in (("weights_gib", 0.02), ("kv_cache_gib", 0.01), ("kv_bytes_per_token", 0)):
        np.testing.assert_allclose(ours[name].values, theirs[name].values, rtol=share)


@pytest.mark.parametrize(
    ("asked", "gpu", "engine"),
    [
        (LLAMA, "L4", Engine()),  # described, but never measured
        (LLAMA, "MI300X", Engine()),
        (LLAMA, H100, Engine(name="generic")),
        (LLAMA, "Arc-Pro-B60", Engine(name="sglang")),  # only measured under vLLM
        (LLAMA, H100, Engine(static_batching=True)),
        (deployment("meta-llama/Llama-3.1-8B", "q4_k_m"), H100, Engine()),
        (deployment("meta-llama/Llama-3.1-8B", kv_format="nvfp4"), H100, Engine()),
        (deployment("google/gemma-2-9b"), H100, Engine()),
        (deployment("meta-llama/Llama-3.1-8B", tp=3), H100, Engine()),
        (deployment("meta-llama/Llama-3.1-8B", "int4"), H100, Engine()),  # no matrix was measured
    ],
)
def test_what_it_does_not_know_is_unknown(asked: Deployment, gpu: str, engine: Engine) -> None:
    found = second_opinion(grid((asked,), (gpu,), engine=engine))
    for name in ("itl_ms", "ttft_ms", "tokens_per_second", "cost_usd_per_mtok", "bottleneck"):
        assert found[name].cell(0) is None
    assert found["gpu"].cell(0) == gpu


def test_no_figure_is_borrowed_from_the_analytic_estimator() -> None:
    found = second_opinion(grid((LLAMA,)))
    for name in ("compute_ms", "bandwidth_ms", "interconnect_ms", "engine_ms", "compute_bound"):
        assert found[name].cell(0) is None


def test_each_time_lies_in_the_interval_of_what_was_published() -> None:
    found = second_opinion(grid((LLAMA,)))
    for name in ("itl_ms", "ttft_ms", "tokens_per_second", "cost_usd_per_mtok"):
        assert cell(found, f"{name}_low") < cell(found, name) < cell(found, f"{name}_high")


def test_more_confidence_is_a_wider_interval() -> None:
    scenario = grid((LLAMA,))
    careful, bold = (second_opinion(evolve(scenario, confidence=c)) for c in (0.99, 0.5))
    assert cell(careful, "itl_ms") == cell(bold, "itl_ms")
    assert cell(careful, "itl_ms_high") > cell(bold, "itl_ms_high")
    assert cell(careful, "tokens_per_second_low") < cell(bold, "tokens_per_second_low")


def test_a_request_rate_is_carried_by_the_fewest_requests_in_flight() -> None:
    found = second_opinion(grid((LLAMA,), loads=(Load(1024, 256, None, 2.0, 2048),)))
    assert cell(found, "tokens_per_second") == 2.0 * 256
    fewer = Load(1024, 256, int(cell(found, "concurrency")) - 1, None, 2048)
    assert cell(second_opinion(grid((LLAMA,), loads=(fewer,))), "tokens_per_second") < 2.0 * 256


def test_more_requests_in_flight_never_speed_a_request_up() -> None:
    loads = tuple(Load(1024, 256, 2**power, None, 2048) for power in range(8))
    found = second_opinion(grid((LLAMA,), loads=loads))
    assert np.all(np.diff(found["ttft_ms"].values) > 0)
    assert np.all(np.diff(found["itl_ms"].values) > 0)


def test_nothing_to_estimate_is_no_fault() -> None:
    scenario = grid((LLAMA,)).take(slice(0, 0))
    assert len(second_opinion(scenario)["itl_ms"]) == 0
