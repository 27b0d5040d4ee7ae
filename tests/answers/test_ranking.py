"""What comes first has a known value of the sort, and ties are broken by what matters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import answers, run
from command_line import sizer

from sizer import size, why

SPOT = """
models = [{ name = "Qwen/Qwen2.5-7B" }]
fleet = { gpus = ["H200", "H100"], max_gpus = 16, term = "reserved" FLEET }
select.sort = "cost_usd_per_month"
"""
TIED = """
models = [{ name = "Qwen/Qwen2.5-14B", weights = ["awq", "bf16", "fp8"] }]
fleet = { gpus = ["H100"], max_gpus_per_replica = 1 }
workload.concurrency = 64
select.sort = "cost_usd_per_hour"
"""
LINKLESS = """
models = [{ name = "meta-llama/Llama-3.1-70B" }]
fleet.gpus = ["TPU-v4", "Max-1550"]
select = { where = ["tp == 8"], sort = "tokens_per_second" }
"""
OURS = """
[[prices]]
gpu = "H200"
provider = "ours"
usd_per_gpu_hour = 2.0
as_of = 2026-11-01
term = "reserved"
"""


def test_without_a_price_nothing_is_the_cheapest(tmp_path: Path) -> None:
    code, out, told = run(tmp_path, SPOT.replace("FLEET", ""))
    assert code == 1
    assert "no candidate can be ranked" in out
    assert "None" not in out + told
    assert "profile.toml:5:15: error[SZ305]" in told
    assert "no price of H100-SXM5-80GB, H200-SXM is known" in told.replace(
        "H200-SXM, H100-SXM5-80GB", "H100-SXM5-80GB, H200-SXM"
    )
    assert "help: `fleet.prices` takes your own" in told


def test_what_has_a_price_comes_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(OURS, "utf-8")
    code, (answer,) = answers(tmp_path, SPOT.replace("FLEET", ', prices = "ours.toml"'))
    assert code == 0
    assert answer["chosen"]["metrics"]["gpu"] == "H200-SXM"
    assert 0 < answer["unranked"] < answer["survivors"]
    assert answer["missing"] == [{"fact": "price", "gpus": ["H100-SXM5-80GB"]}]
    _, out, _ = run(tmp_path, SPOT.replace("FLEET", ', prices = "ours.toml"'))
    said = " ".join(out.split())
    assert f"{answer['unranked']} candidates rank last, as cost_usd_per_month is unknown" in said


def test_without_a_link_nothing_is_the_fastest(tmp_path: Path) -> None:
    code, out, told = run(tmp_path, LINKLESS)
    assert code == 1
    assert "no link of TPU-v4, Max-1550 is known" in told
    assert "None" not in out + told


@pytest.mark.parametrize("form", ["text", "markdown", "csv", "toml", "json"])
def test_no_form_prints_none(tmp_path: Path, form: str) -> None:
    code, out, _ = run(tmp_path, SPOT.replace("FLEET", ""), "--format", form)
    assert code == 1
    assert "None" not in out


def test_a_pipeline_is_told_once(tmp_path: Path) -> None:
    _, out, _ = run(tmp_path, SPOT.replace("FLEET", ""), "--format", "sarif")
    (result,) = json.loads(out)["runs"][0]["results"]
    assert result["ruleId"] == "SZ305"


def test_a_tie_goes_to_the_quicker(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text("dsl = 1" + TIED, "utf-8")
    (answer,) = size(tmp_path / "p.toml").answers
    assert answer.chosen is not None
    assert answer.chosen.metrics["weights"] == "fp8"
    assert answer.reasoning is not None
    assert (answer.reasoning.tied, answer.reasoning.then) == (2, "itl_ms")
    assert "tied with 2 others on cost_usd_per_hour; first by itl_ms" in why(answer)


def test_the_sort_goes_before_what_breaks_ties(tmp_path: Path) -> None:
    text = TIED.replace('"cost_usd_per_hour"', '"cost_usd_per_hour then memory_headroom_gib"')
    _, (answer,) = answers(tmp_path, text)
    assert answer["chosen"]["metrics"]["weights"] == "awq"
    assert answer["reasoning"]["tied"] == 0


UNASKED = """
models = [{ name = "Qwen/Qwen3-32B", weights = "bf16" }]
fleet = { gpus = ["L4", "RTX-PRO-6000-Blackwell-WS"], max_gpus_per_replica = 1, prices = "a.toml" }
"""
OF_L4 = '[[prices]]\ngpu = "L4"\nprovider = "ours"\nusd_per_gpu_hour = 2.0\nas_of = 2026-11-01\n'


def test_an_order_that_nobody_asked_for_chooses_by_what_is_known(tmp_path: Path) -> None:
    """L4 has a price and no room; what has room has no price."""
    (tmp_path / "a.toml").write_text(OF_L4, "utf-8")
    code, (answer,) = answers(tmp_path, UNASKED)
    assert code == 0
    assert answer["chosen"]["metrics"]["gpu"] == "RTX-PRO-6000-Blackwell-WS"
    assert answer["reasoning"]["metric"] == "tokens_per_second_per_gpu"
    assert answer["reasoning"]["instead_of"] == "cost_usd_per_mtok"
    _, out, _ = run(tmp_path, UNASKED)
    said = " ".join(out.split())
    assert "cost_usd_per_mtok, the default, is unknown for every survivor" in said
    assert "(no price of RTX-PRO-6000-Blackwell-WS)" in said
    done = sizer("explain", "--profile", tmp_path / "profile.toml", "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert (decision["rank"], decision["chosen"]) == (1, answer["chosen"]["candidate"])
    stated = UNASKED + 'select.sort = "cost_usd_per_mtok then tokens_per_second_per_gpu"\n'
    assert run(tmp_path, stated)[0] == 1


def test_what_ranks_last_says_which_price_is_missing(tmp_path: Path) -> None:
    text = UNASKED.replace("32B", "8B").replace(', prices = "a.toml"', "")
    code, out, _ = run(tmp_path, text)
    assert code == 0
    said = " ".join(out.split())
    assert "1 candidate ranks last, as cost_usd_per_mtok is unknown (no price of RTX-PRO" in said
