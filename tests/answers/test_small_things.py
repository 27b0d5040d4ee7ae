"""The small things that a new user trips over."""

from __future__ import annotations

from typing import Any

import pytest

from sizer import size
from sizer.cli import main

Capture = pytest.CaptureFixture[str]
MINIMAL = """dsl = 1
[[models]]
name = "Qwen/Qwen3-8B"
[fleet]
gpus = ["H100"]
"""


def test_a_minimal_profile_is_answered_by_one_accelerator() -> None:
    report = size({"models": [{"name": "Qwen/Qwen3-8B"}], "fleet": {"gpus": ["H100"]}})
    chosen = report.answers[0].chosen
    assert chosen is not None
    assert chosen.candidate.startswith("H100-SXM5-80GB x1 ")
    assert report.sort == "cost_usd_per_mtok then tokens_per_second_per_gpu"


@pytest.mark.parametrize("fleet", [{"gpus": ["RTX-4090"]}, {"gpus": ["H100"], "term": "spot"}])
def test_without_any_price_the_default_order_is_by_pace_and_says_so(fleet: dict[str, Any]) -> None:
    asked = {"models": [{"name": "Qwen/Qwen3-8B", "weights": "fp8"}], "fleet": fleet}
    report = size(asked)
    chosen = report.answers[0].chosen
    assert chosen is not None
    assert report.sort == "tokens_per_second_per_gpu"
    said = "no price is known, and no `sort` is given: sorted by tokens_per_second_per_gpu"
    assert said in report.assumptions
    best = max(
        each.metrics["tokens_per_second_per_gpu"] for each in (chosen, *report.answers[0].others)
    )
    assert chosen.metrics["tokens_per_second_per_gpu"] == best


def test_explain_ranks_as_the_answer_does(tmp_path: Any, capsys: Capture) -> None:
    path = tmp_path / "a.toml"
    path.write_text(MINIMAL.replace("H100", "RTX-4090").replace("8B", "4B"))
    assert main(["explain", "--profile", str(path)]) == 0
    said = capsys.readouterr().out
    assert "tokens_per_second_per_gpu" in said
    assert "cost_usd_per_mtok" not in said
