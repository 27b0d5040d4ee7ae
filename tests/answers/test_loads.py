"""A load is given, never chosen: a choice carries every load point, unless asked otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import answers, run
from command_line import sizer

from sizer.pipeline.comparisons import compare

SWEEP = """
models = [{ name = "Qwen/Qwen2.5-7B" }]
fleet = { gpus = ["L4"], max_gpus_per_replica = 1, max_gpus = 32 }
workload = { input_tokens = 1024, output_tokens = 256, request_rate = [RATES] }
select = { where = ["is_known(itl_ms)"], sort = "cost_usd_per_hour" LOAD }
"""
RATES = "5, 10, 20, 40"


def asked(rates: str = RATES, load: str = "") -> str:
    return SWEEP.replace("RATES", rates).replace("LOAD", load)


def test_the_cheapest_carries_the_largest_load(tmp_path: Path) -> None:
    _, (sweep,) = answers(tmp_path, asked())
    _, (largest,) = answers(tmp_path, asked("40"))
    _, (smallest,) = answers(tmp_path, asked("5"))
    replicas = [each["chosen"]["metrics"]["replicas"] for each in (sweep, largest, smallest)]
    assert replicas[0] == replicas[1] > replicas[2]
    assert sweep["chosen"]["load"] == "1024+256 40/s"
    assert sweep["chosen"]["candidate"] + " 1024+256 40/s" == largest["chosen"]["candidate"]
    assert sweep["loads"] == 4


def test_the_best_at_each_load_stands_beside_it(tmp_path: Path) -> None:
    _, (sweep,) = answers(tmp_path, asked())
    beside = [each["best"]["metrics"]["replicas"] for each in sweep["per_load"]]
    assert beside == sorted(beside)
    assert beside[0] < beside[-1] == sweep["chosen"]["metrics"]["replicas"]


def test_any_load_chooses_the_load_too(tmp_path: Path) -> None:
    _, (sweep,) = answers(tmp_path, asked(load=', load = "any"'))
    _, (smallest,) = answers(tmp_path, asked("5"))
    assert sweep["chosen"] == smallest["chosen"]
    assert sweep["loads"] == 1
    assert sweep["candidates"] == 4 * smallest["candidates"]


def test_a_rule_broken_at_one_load_refuses_and_says_at_which(tmp_path: Path) -> None:
    rule = '[[rule]]\nid = "pace"\nrequire = "itl_ms < 0.1"\n'
    code, out, _ = run(tmp_path, asked() + rule)
    assert code == 1
    said = " ".join(out.split())
    assert "survives the conditions at each of 4 loads" in said
    assert "% off at 1024+256 40/s" in said


def test_an_explanation_is_at_the_load_that_decides(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text("dsl = 1" + asked(), "utf-8")
    done = sizer("explain", "--profile", path, "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert (decision["load"], decision["rank"]) == ("1024+256 40/s", 1)
    done = sizer("explain", "--profile", path, "--candidate", decision["candidate"])
    assert "figures at 1024+256 40/s, the load that decides" in done.stdout
    one = f"{decision['candidate']} 1024+256 5/s"
    done = sizer("explain", "--profile", path, "--candidate", one, "--format", "json")
    (at_one,) = json.loads(done.stdout)["decisions"]
    assert (at_one["candidate"], at_one["load"], at_one["rank"]) == (one, None, 1)


def test_a_lock_and_a_comparison_hold_the_deployment(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text("dsl = 1" + asked(), "utf-8")
    _, (sweep,) = answers(tmp_path, asked())
    name = sweep["chosen"]["candidate"]
    assert sizer("lock", path, cwd=tmp_path).returncode == 0
    assert f'candidate = "{name}"' in (tmp_path / "sizer.lock").read_text("utf-8")
    assert sizer("run", path, "--locked", cwd=tmp_path).returncode == 0
    (chosen,) = compare(path, ("analytic", "analytic"), 0.5).chosen
    assert chosen.candidates == (name, name)


GROUPS = """
models = [{ name = "mistralai/Mixtral-8x7B-v0.1", weights = "fp8" }]
fleet.gpus = "H100"
workload.concurrency = FLIGHTS
select = { where = ["dp == 8"] LOAD }
"""


@pytest.mark.parametrize(
    ("flights", "load", "dropped"),
    [("1", "", 3), ("[1, 64]", "", 3), ("[1, 64]", ', load = "any"', 0), ("[4, 64]", "", 1)],
)
def test_attention_groups_without_a_request_are_counted(
    tmp_path: Path, flights: str, load: str, dropped: int
) -> None:
    text = GROUPS.replace("FLIGHTS", flights).replace("LOAD", load)
    _, (answer,) = answers(tmp_path, text)
    refused = {each["reason"]: each["splits"] for each in answer["unproposed"]}
    assert refused.get("few requests", 0) == dropped
    assert (answer["chosen"] is None) is (dropped > 0)
    if dropped:
        _, out, _ = run(tmp_path, text)
        assert f"dp needs as many requests in flight ({dropped})" in " ".join(out.split())


APART = """
models = [{ name = "Qwen/Qwen2.5-7B" }]
fleet = { gpus = ["L4"], max_gpus_per_replica = 1, max_gpus = 32 }
workload.request_rate = [1, 5, 10, 20]
select = { where = ["itl_ms < 55", "cost_usd_per_mtok < 2", "utilization > 0.1"], sort = "gpus" }
"""


def test_an_explanation_says_at_which_load_each_condition_fails(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text("dsl = 1" + APART, "utf-8")
    done = sizer("explain", "--profile", path, "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert decision["load"] == "1024+256 20/s"
    pace, cost, *_ = decision["conditions"]
    assert (pace["outcome"], pace["load"]) == ("fails", "1024+256 1/s")
    assert (cost["outcome"], cost["load"]) == ("unknown", None)
    assert (
        "itl_ms < 55 (where): fails at 1024+256 1/s" in sizer("explain", "--profile", path).stdout
    )
