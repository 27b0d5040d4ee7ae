from __future__ import annotations

import pytest
from attrs import fields_dict

from sizer.cli import main
from sizer.schema.asked.flags import FLAGS
from sizer.schema.asked.names import HELD
from sizer.schema.asked.serving import Engine


def test_flags_are_of_keys_of_an_engine_and_each_of_memory_has_one() -> None:
    assert set(FLAGS) <= set(fields_dict(Engine))
    assert set(HELD) <= set(FLAGS)


def test_explain_says_what_each_engine_calls_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "block_size"]) == 0
    assert capsys.readouterr().out == (
        "block_size: tokens in a block of the cache; without it the engine's default\n"
        "  table      [engine]\n"
        "  unit       token\n"
        "  vllm       --block-size\n"
        "  sglang     --page-size\n"
        "  trtllm     kv_cache_config.tokens_per_block\n"
    )


def test_the_ledger_of_memory_shows_what_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", "memory", "--model", "meta-llama/Llama-3.1-8B", "--gpu", "H100"]
    given = ["--kv-cache-memory-bytes", "10737418240", "--cpu-offload-gib", "2"]
    assert main([*asked, *given]) == 0
    said = capsys.readouterr().out
    assert "kv_cache_memory_bytes       10,737,418,240" in said
    assert "as asked for" in said
    assert "on the host" in said
    assert "10.000\n" in said
