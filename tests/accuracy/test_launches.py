"""Settings of launch scripts reach the rows that they were run with, and no others."""

from __future__ import annotations

import pytest
from launches import settings

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
