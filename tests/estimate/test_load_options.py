from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Load

PLAIN = Load(4096, 512, 16, None, 8192)
MODEL = deployment("meta-llama/Llama-3.1-8B")


def metric(name: str, load: Load = PLAIN, engine: Engine | None = None) -> float:
    given = grid((MODEL,), loads=(load,), engine=engine)
    return float(estimate(given, (name,))[name].values[0])


@pytest.mark.parametrize("name", ["prefill_ms", "ttft_ms", "itl_ms"])
def test_a_cached_prefix_is_not_read_again(name: str) -> None:
    half, most = (metric(name, evolve(PLAIN, prefix_hit_share=share)) for share in (0.5, 0.99))
    assert most < half < metric(name)


def test_half_a_prompt_costs_more_than_a_prompt_of_half_the_length() -> None:
    half = metric("prefill_ms", evolve(PLAIN, prefix_hit_share=0.5))
    assert half > metric("prefill_ms", evolve(PLAIN, input_tokens=2048))


def test_a_cached_prefix_frees_no_memory() -> None:
    assert metric("kv_cache_gib", evolve(PLAIN, prefix_hit_share=0.5)) == metric("kv_cache_gib")


def test_prompts_of_many_lengths_take_longer_to_read_and_wait_longer() -> None:
    varied = evolve(PLAIN, input_tokens_spread=1.0)
    assert metric("prefill_ms", varied) > metric("prefill_ms")
    arriving = evolve(PLAIN, concurrency=None, request_rate=2.0)
    waiting = evolve(arriving, input_tokens_spread=1.0)
    assert metric("ttft_ms", waiting) > metric("ttft_ms", arriving)


def test_answers_of_many_lengths_are_met_when_they_are_long() -> None:
    varied = evolve(PLAIN, output_tokens_spread=1.0)
    assert metric("itl_ms", varied) > metric("itl_ms")
    assert metric("max_tokens_per_second", varied) < metric("max_tokens_per_second")


def test_prompts_held_back_wait_for_steps_of_those_that_run() -> None:
    held = Engine(name="trtllm", prefill_wait_steps=20)
    later = metric("ttft_ms", engine=held) - metric("ttft_ms", engine=Engine(name="trtllm"))
    assert later == pytest.approx(20 * metric("decode_step_ms", engine=held))
    assert metric("itl_ms", engine=held) == metric("itl_ms", engine=Engine(name="trtllm"))


def test_an_engine_that_looks_rarely_finds_a_prompt_half_way_between_two_looks() -> None:
    rarely, always = Engine("sglang", scheduler_recv_interval=31), Engine("sglang")
    later = metric("ttft_ms", engine=rarely) - metric("ttft_ms", engine=always)
    assert later == pytest.approx(15 * metric("decode_step_ms", engine=rarely))
    assert metric("itl_ms", engine=rarely) == metric("itl_ms", engine=always)


def test_users_in_step_send_their_prompts_in_waves_where_prompts_come_first() -> None:
    apart, sglang = evolve(PLAIN, input_tokens=4096), Engine("sglang")
    together = evolve(apart, lockstep=True)
    assert metric("ttft_ms", together, sglang) > 1.5 * metric("ttft_ms", apart, sglang)
    assert metric("itl_ms", together, sglang) < metric("itl_ms", apart, sglang)
    alone = evolve(together, concurrency=1)
    assert metric("ttft_ms", alone, sglang) == metric(
        "ttft_ms", evolve(apart, concurrency=1), sglang
    )


@pytest.mark.parametrize("name", ["ttft_ms", "itl_ms", "tokens_per_second"])
def test_users_do_not_stay_in_step_where_steps_mix_prompts_and_tokens(name: str) -> None:
    assert metric(name, evolve(PLAIN, lockstep=True)) == metric(name, PLAIN)


def test_a_prompt_that_is_alone_is_not_held_back() -> None:
    alone, held = evolve(PLAIN, concurrency=1), Engine(prefill_wait_steps=20)
    assert metric("ttft_ms", alone, held) == metric("ttft_ms", alone)
