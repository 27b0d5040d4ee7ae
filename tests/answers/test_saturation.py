"""Loads that people ran into: more than the cache holds, prompts alone, more than is carried."""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Load

CARD = ("RTX-4090",)


def figures(load: Load, *names: str, gpu: tuple[str, ...] = CARD, **split: int) -> list[float]:
    scenario = grid((deployment("Qwen/Qwen3-8B", **split),), gpu, (load,))
    return [float(column.values[0]) for column in estimate(scenario, names).values()]


@pytest.mark.parametrize(("tokens", "measured"), [(8192, 77.9), (20_480, 23.0)], ids=["8k", "20k"])
def test_a_hundred_long_prompts_at_once_are_served_one_after_the_other(
    tokens: int, measured: float
) -> None:
    """vLLM 0.10.1 on an RTX 4090; throughput fell to a seventh of this before."""
    load = Load(tokens, 128, 100, None, tokens + 128)
    served, most = figures(load, "tokens_per_second", "max_tokens_per_second")
    (alone,) = figures(evolve(load, concurrency=1), "tokens_per_second")
    assert 0.6 * measured < served < measured
    assert alone <= served * (1 + 1e-9)
    assert served <= most * (1 + 1e-9)


def test_the_first_token_grows_with_the_load_and_not_with_its_square() -> None:
    loads = [Load(20_480, 128, count, None, 20_608) for count in (25, 50, 100)]
    quarter, half, whole = (figures(load, "ttft_ms")[0] for load in loads)
    assert half / quarter == pytest.approx(2, rel=0.05)
    assert whole / half == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize("answer", [1, 2, 4])
def test_short_answers_are_no_faster_than_their_prompts(answer: int) -> None:
    """Prompts of 16k on an H100 were read at 2.2 times its peak, 9 times the maximum told."""
    load = Load(16_384, answer, 8, None, 16_388)
    names = ("tokens_per_second", "max_tokens_per_second")
    served, most = figures(load, *names, gpu=("H100-SXM5-80GB",))
    assert served <= most * (1 + 1e-9)
    assert served / answer * 16_384 * 2 * 7e9 < 989e12


def test_what_is_too_much_says_how_much_is_served() -> None:
    load = Load(1024, 256, None, 2000.0, 1280)
    names = ("fits", "overloaded", "utilization", "max_request_rate")
    fits, overloaded, busy, most = figures(load, *names, gpu=("L4",))
    assert fits == 1
    assert overloaded == 1
    assert 0 < most < 10
    assert busy == pytest.approx(2000 / most)


def test_weights_that_do_not_fit_are_no_and_not_unknown_under_any_load() -> None:
    load = Load(2048, 1024, None, 10.0, 3072)
    scenario = grid((deployment("deepseek-ai/DeepSeek-V3.2", "fp8"),), ("H20",), (load,))
    assert estimate(scenario, ("fits",))["fits"].cell(0) is False


def test_as_many_replicas_as_the_utilization_says_keep_up() -> None:
    load = Load(1024, 256, None, 50.0, 1280)
    (busy,) = figures(load, "utilization", gpu=("L40S",))
    needed = int(busy) + 1
    names = ("overloaded", "utilization")
    assert figures(load, *names, gpu=("L40S",), replicas=needed)[0] == 0
    assert figures(load, *names, gpu=("L40S",), replicas=needed - 1)[0] == 1


def test_a_closed_loop_is_as_busy_as_its_engine_has_room() -> None:
    load = Load(1024, 256, 64, None, 1280)
    scenario = grid((deployment("Qwen/Qwen3-8B"),), loads=(load,), engine=Engine(max_num_seqs=128))
    table = estimate(scenario, ("utilization", "overloaded"))
    assert table["utilization"].cell(0) == pytest.approx(0.5)
    assert table["overloaded"].cell(0) is False
