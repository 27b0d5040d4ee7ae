"""Step times of a candidate are the estimator's own terms, whatever its engine and split."""

from itertools import pairwise

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.estimate import estimate, step_times
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.step_times import StepTimes
from sizer.schema.scenario import Deployment, Load, Scenario

LOAD = Load(1024, 256, 8, None, 4096)
TERMS = ("running", "step_seconds", "mean_context_tokens", "prefill_seconds", "prompt_seconds")
EIGHT_B = deployment("meta-llama/Llama-3.1-8B")
SPLIT = deployment("meta-llama/Llama-3.1-70B", tp=4, pp=2, replicas=2)
WINDOWED = deployment("openai/gpt-oss-120b", tp=4)
HYBRID = deployment("Qwen/Qwen3-Next-80B-A3B-Instruct", tp=4)


def times_of(scenario: Scenario) -> StepTimes:
    found = step_times(scenario, 0)
    assert found is not None
    return found


@pytest.mark.parametrize("placed", [EIGHT_B, SPLIT, WINDOWED, HYBRID])
@pytest.mark.parametrize("engine", [Engine(), Engine(name="sglang"), Engine(name="trtllm")])
def test_a_step_is_that_of_the_estimator(placed: Deployment, engine: Engine) -> None:
    times = times_of(grid((placed,), loads=(LOAD,), engine=engine))
    ranks = placed.replicas * placed.dp
    loads = tuple(evolve(LOAD, concurrency=n * ranks, input_tokens=t) for n, t in BATCHES)
    asked = estimate(grid((placed,), loads=loads, engine=engine), TERMS)
    for number, (batch, _) in enumerate(BATCHES):
        row = {name: float(column.values[number]) for name, column in asked.items()}
        if row["running"] != batch:
            continue
        read = times.cached_token_s * batch * row["mean_context_tokens"]
        assert times.decode_s[batch] + read == pytest.approx(row["step_seconds"], rel=1e-9)


BATCHES = ((1, 1024), (2, 700), (8, 3000), (64, 1024))


@pytest.mark.parametrize("tokens", [200, 1024, 4000])
def test_a_lone_prompt_is_that_of_the_estimator(tokens: int) -> None:
    loads = (evolve(LOAD, concurrency=1, input_tokens=tokens),)
    asked = estimate(grid((EIGHT_B,), loads=loads), ("prefill_seconds", "server_s"))
    times = times_of(grid((EIGHT_B,), loads=(LOAD,)))
    work = times.prompt_token_s * tokens + times.squared_token_s * tokens**2
    power = times.sharpness
    alone = (
        (work**power + times.decode_s[0] ** power) ** (1 / power)
        + times.first_token_s
        + times.eager_s
    )
    expected = sum(float(column.values[0]) for column in asked.values())
    assert alone == pytest.approx(expected, rel=1e-9)


def test_a_cache_holds_as_many_requests_as_the_estimator_admits() -> None:
    for placed in (EIGHT_B, HYBRID):
        scenario = grid((placed,), loads=(LOAD,), engine=Engine(max_num_seqs=2048))
        times = times_of(scenario)
        asked = estimate(scenario, ("admitted_requests", "mean_context_tokens"))
        admitted, context = (float(column.values[0]) for column in asked.values())
        each = -(-context // times.block_tokens) + times.request_blocks
        assert times.cache_blocks / each == pytest.approx(admitted, rel=0.05)


def test_slots_are_those_of_the_engine_whatever_the_cache_holds() -> None:
    long = evolve(LOAD, input_tokens=100_000, max_context=101_000)
    assert times_of(grid((EIGHT_B,), loads=(long,))).max_num_seqs == 1024
    engine = Engine(max_num_seqs=64)
    assert times_of(grid((EIGHT_B,), loads=(LOAD,), engine=engine)).max_num_seqs == 64


def test_a_very_large_batch_is_interpolated() -> None:
    engine = Engine(max_num_seqs=10_000)
    decode = times_of(grid((EIGHT_B,), loads=(LOAD,), engine=engine)).decode_s
    assert len(decode) == 10_001
    assert all(before < after for before, after in pairwise(decode[2000:]))


def test_what_engines_do_with_prompts_and_a_full_cache() -> None:
    found = {
        name: times_of(grid((EIGHT_B,), loads=(LOAD,), engine=Engine(name=name)))
        for name in ("vllm", "sglang", "trtllm", "llamacpp")
    }
    assert [each.evicts for each in found.values()] == [True, True, False, False]
    assert [each.prompts_first for each in found.values()] == [False, True, False, False]
    old = times_of(grid((EIGHT_B,), loads=(LOAD,), engine=Engine(version="0.6.0")))
    assert old.prompts_first
    assert old.whole_prompt_tokens > 0


def test_times_that_nobody_models_are_unknown() -> None:
    engine = Engine(cpu_offload_gib=4.0)
    assert step_times(grid((EIGHT_B,), loads=(LOAD,), engine=engine), 0) is None
