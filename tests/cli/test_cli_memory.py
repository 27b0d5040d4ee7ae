"""`sizer explain memory`: the ledger, its JSON, and what is refused."""

from __future__ import annotations

import json

import pytest

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
ASKED = ["explain", "memory", "--model", "meta-llama/Llama-3.1-8B", "--gpu", "H100", "--tp", "2"]


def test_the_ledger_can_be_checked_with_a_pencil(capsys: Capture) -> None:
    assert main([*ASKED, "--engine-version", "0.19.0", "--gpu-memory-utilization", "0.95"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    # 32 layers of 4096 x (32 + 2 x 8) heads of 128, over 2 accelerators, 2 bytes: 0.75 GiB
    assert "attention.qkv               32 x 12,582,912 x 2 B" in shown.out
    # vLLM 0.19 logged 7.51 GiB of weights and a pool of 63.76 GiB here
    assert "7.512\n" in shown.out
    assert "63.743\n" in shown.out


def test_json_has_the_same_numbers(capsys: Capture) -> None:
    assert main([*ASKED, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 2
    weights = told["sections"][0]
    assert weights["metric"] == "weights_gib"
    assert weights["low"] <= weights["value"] <= weights["high"]
    assert sum(each["value"] for each in weights["entries"]) == pytest.approx(weights["value"])
    first = weights["entries"][0]
    factors = " x ".join(f"{each['value']:,.0f}" for each in first["terms"][0])
    assert first["formula"] == f"{factors} B"
    assert told["notes"][0]["kind"] == "constants"
    assert told["notes"][0]["text"].endswith(told["notes"][0]["source"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain", "memory", "--model", "Qwen/Qwen3-8B"], "--gpu is missing"),
        ([*ASKED, "--pp", "two"], "pp: must be a number, not 'two'"),
        ([*ASKED, "--ep", "3"], "tp x dp = 2 is no multiple of ep = 3"),
        ([*ASKED, "--candidate", "x"], "--candidate goes with --profile"),
        (["explain", "itl_ms", "--tp", "2"], "--tp goes with `memory`"),
        (["explain", "itl_ms", "--json"], "--json goes with `memory`"),
    ],
)
def test_a_bad_question_is_refused(arguments: list[str], said: str, capsys: Capture) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
