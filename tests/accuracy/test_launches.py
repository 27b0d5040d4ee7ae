"""Settings of launch scripts reach the rows that they were run with, and no others."""

from __future__ import annotations

import pytest
from launches import drafting, settings

ROW = {
    "source": "inferencex_via_aiconfigurator",
    "model_hf_id": "meta-llama/Llama-3.3-70B-Instruct",
    "gpu": "H200-SXM",
    "isl": "1024.0",
    "osl": "1024.0",
    "tp": "4.0",
    "dp": "",
}
HELD = {"kv_format": "fp8", "prefill_wait_steps": "20"}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, HELD),
        ({"tp": "8.0"}, {"kv_format": "fp8"}),
        ({"osl": "8192.0"}, {"kv_format": "fp8"}),
        ({"source": "trtllm_perf_overview"}, {}),
        ({"model_hf_id": "Qwen/Qwen3-32B"}, {}),
        ({"model_hf_id": "openai/gpt-oss-120b"}, {"kv_format": "bf16"}),
        ({"model_hf_id": "openai/gpt-oss-120b", "gpu": "B200"}, {"kv_format": "fp8"}),
        (
            {"model_hf_id": "openai/gpt-oss-120b", "gpu": "B200", "dp": "2.0"},
            {"kv_format": "fp8", "prefill_wait_steps": "10"},
        ),
    ],
)
def test_a_launch_holds_for_the_rows_that_it_was_run_with(
    changed: dict[str, str], found: dict[str, str]
) -> None:
    assert settings(ROW | changed, "trtllm") == found


def test_each_engine_has_its_own_launch() -> None:
    assert settings(ROW, "vllm") == {"kv_format": "fp8"}


DEEPSEEK = {**ROW, "source": "inferencex", "model_hf_id": "deepseek-ai/DeepSeek-R1-0528"}


@pytest.mark.parametrize(
    ("engine", "changed", "tokens", "places"),
    [
        ("trtllm", {}, "3", None),
        ("trtllm", {"dp": "8.0"}, "1", None),
        ("sglang", {"weight_dtype": "fp8"}, "2", "512"),
        ("sglang", {"gpu": "MI355X", "weight_dtype": "fp4"}, "3", None),
        ("sglang", {"gpu": "MI355X", "weight_dtype": "fp8"}, "3", "512"),
    ],
)
def test_a_launch_says_how_many_tokens_it_drafted(
    engine: str, changed: dict[str, str], tokens: str, places: str | None
) -> None:
    found = drafting({"weight_dtype": "fp8", **DEEPSEEK, **changed}, engine)
    assert found["speculative_method"] == "mtp"
    assert (found["speculative_tokens"], found.get("max_num_seqs")) == (tokens, places)


def test_nobody_says_how_many_tokens_other_sources_drafted() -> None:
    assert drafting({**DEEPSEEK, "source": "sgl_cookbook"}, "sglang") == {}
