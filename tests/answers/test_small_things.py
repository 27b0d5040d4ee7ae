"""The small things that a new user trips over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import fields

from sizer import Report, size
from sizer.catalog.codes import page
from sizer.cli import main
from sizer.render.report.assumptions import assumption_text
from sizer.schema.asked.disaggregated import Disaggregated
from sizer.schema.asked.energy import Energy
from sizer.schema.asked.profile import CustomGpu, Fleet, ModelAsk, Profile, Rule, Select
from sizer.schema.asked.serving import Engine, Speculative, Workload
from sizer.schema.metrics import registry
from sizer.structure.nearest import did_you_mean
from sizer.structure.nearest.words import words
from sizer.units import counted

Capture = pytest.CaptureFixture[str]
MINIMAL = """dsl = 1
[[models]]
name = "Qwen/Qwen3-8B"
[fleet]
gpus = ["H100"]
"""


def texts(report: Report) -> list[str]:
    return [assumption_text(each) for each in report.assumptions]


def test_a_minimal_profile_is_answered_by_one_accelerator() -> None:
    report = size({"models": [{"name": "Qwen/Qwen3-8B"}], "fleet": {"gpus": ["H100"]}})
    chosen = report.answers[0].chosen
    assert chosen is not None
    assert chosen.candidate.startswith("H100-SXM5-80GB x1 ")
    assert report.sort == "cost_usd_per_mtok then tokens_per_second_per_gpu"


@pytest.mark.parametrize("fleet", [{"gpus": ["RTX-4080"]}, {"gpus": ["H100"], "term": "reserved"}])
def test_without_any_price_the_default_order_is_by_pace_and_says_so(fleet: dict[str, Any]) -> None:
    asked = {"models": [{"name": "Qwen/Qwen3-8B", "weights": "fp8"}], "fleet": fleet}
    report = size(asked)
    chosen = report.answers[0].chosen
    assert chosen is not None
    assert report.sort == "tokens_per_second_per_gpu"
    said = "no price is known, and no `sort` is given: sorted by tokens_per_second_per_gpu"
    assert said in texts(report)
    best = max(
        each.metrics["tokens_per_second_per_gpu"] for each in (chosen, *report.answers[0].others)
    )
    assert chosen.metrics["tokens_per_second_per_gpu"] == best


def test_explain_ranks_as_the_answer_does(tmp_path: Any, capsys: Capture) -> None:
    path = tmp_path / "a.toml"
    path.write_text(MINIMAL.replace("H100", "RTX-4080").replace("8B", "4B"))
    assert main(["explain", "--profile", str(path)]) == 0
    said = capsys.readouterr().out
    assert "tokens_per_second_per_gpu" in said
    assert "cost_usd_per_mtok" not in said


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ("Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B"),
        ("meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B"),
        ("qwen3-8b-fp8", "Qwen/Qwen3-8B in fp8"),
    ],
)
def test_an_alias_is_found_and_the_answer_says_what_it_was_taken_as(
    capsys: Capture, asked: str, taken: str
) -> None:
    assert main(["models", asked, "--format", "json"]) == 0
    found = capsys.readouterr()
    assert taken.partition(" ")[0] in {each["name"] for each in json.loads(found.out)}
    assert f"in a profile, {asked} taken as {taken}" in found.err
    report = size({"models": [{"name": asked}], "fleet": {"gpus": ["H100"]}})
    assert f"{asked} taken as {taken}" in texts(report)


def test_a_structures_own_name_needs_no_word(capsys: Capture) -> None:
    assert main(["models", "Qwen/Qwen3-8B"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["models", "nobody-has-this"]) == 1


METRICS = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "mean_ttft_ms": "ttft_ms",
    "time_per_output_token": "itl_ms",
    "p99_e2el_ms": "e2e_p99_ms",
    "output_throughput": "tokens_per_second",
    "tps_per_gpu": "tokens_per_second_per_gpu",
    "hourly_cost": "cost_usd_per_hour",
    "tensor_parallel_size": "tp",
    "kv_cache_dtype": "kv_format",
    "isl": "input_tokens",
}


@pytest.mark.parametrize(("word", "ours"), METRICS.items())
def test_words_of_other_tools_are_understood_in_conditions(word: str, ours: str) -> None:
    assert did_you_mean(word, registry()) == f"did you mean {ours!r}?"


def test_a_percentile_is_its_own_metric_where_there_is_one() -> None:
    known = ("ttft_ms", "ttft_p95_ms", "tpot_p99_ms", "itl_ms")
    assert did_you_mean("p95_ttft_ms", known) == "did you mean 'ttft_p95_ms'?"
    assert did_you_mean("p95_ttft_ms", known[:1]) == "did you mean 'ttft_ms'?"
    assert did_you_mean("p99-tpot", known) == "did you mean 'tpot_p99_ms'?"
    assert did_you_mean("median_ttft_ms", ("ttft_p50_ms",)) == "did you mean 'ttft_p50_ms'?"


def test_every_word_of_other_tools_leads_to_one_of_ours() -> None:
    tables = (
        Profile,
        ModelAsk,
        Fleet,
        CustomGpu,
        Workload,
        Engine,
        Speculative,
        Disaggregated,
        Energy,
        Select,
        Rule,
    )
    ours = {each.name for table in tables for each in fields(table)} | {*registry(), "all"}
    for word, meant in words().items():
        assert any(each in ours for each in meant), (word, meant)


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ("[slo]\nttft_ms = 500", "did you mean [[rule]] (what must hold)?"),
        ("[hardware]\ngpus = 1", "did you mean [fleet]?"),
        ("[workload]\nprompt_tokens = 1", "did you mean 'input_tokens'?"),
        ("[workload]\nbatch_size = 1", "did you mean 'concurrency'?"),
        ("[engine]\nmem_fraction_static = 0.9", "did you mean 'gpu_memory_utilization'?"),
        ('[select]\norder_by = "cost"', "did you mean 'sort'?"),
    ],
)
def test_words_of_other_tools_are_understood_as_keys(
    tmp_path: Path, capsys: Capture, line: str, help_: str
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f"{MINIMAL}{line}\n")
    assert main(["check", str(path)]) == 2
    assert f"= help: {help_}" in capsys.readouterr().out


TABLE = """model,gpu,tp,concurrency,measured_itl_ms
meta-llama/Llama-3.1-8B,H100,1,1,6.5
meta-llama/Llama-3.1-8B,A100-80GB,1,1,{slow}
"""


def test_a_calibration_of_few_measurements_keeps_intervals_and_says_whose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = {"models": [{"name": "Qwen/Qwen3-8B"}], "fleet": {"gpus": ["H100"]}}
    widths = []
    for slow in (10.5, 45):
        Path("measured.csv").write_text(TABLE.format(slow=slow))
        assert main(["calibrate", "measured.csv", "-o", "ours.toml"]) == 0
        assert "are default's, widened to these measurements: 5 pairs" in capsys.readouterr().err
        report = size({**asked, "estimator": {"calibration": "ours.toml"}})
        chosen = report.answers[0].chosen
        assert chosen is not None
        low, high = (float(chosen.metrics[f"itl_ms_{end}"] or 0) for end in ("low", "high"))
        widths.append(high / low)
        assert any("fewer than 5 pairs of model and accelerator" in each for each in texts(report))
    assert 1 < widths[0] < widths[1]


def test_constants_that_nobody_measured_say_why_there_is_no_interval() -> None:
    asked = {"models": [{"name": "Qwen/Qwen3-8B"}], "fleet": {"gpus": ["H100"]}}
    report = size({**asked, "estimator": {"calibration": "priors"}})
    assert any("no intervals of itl_ms" in each for each in texts(report))


def test_examples_of_codes_are_right() -> None:
    unknown, shapeless, lost = (page(code) for code in ("SZ301", "SZ003", "SZ707"))
    assert unknown is not None
    assert shapeless is not None
    assert lost is not None
    assert "coalesce(cost, 0)" not in unknown.good
    assert shapeless.good == 'name = "Qwen/Qwen3-8B"'
    assert "\\n" not in lost.bad + lost.good


def test_one_thing_is_singular(tmp_path: Path, capsys: Capture) -> None:
    assert [counted(each, "row") for each in (0, 1, 2, 1200)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "1,200 rows",
    ]
    path = tmp_path / "a.toml"
    path.write_text(f'{MINIMAL}max_gpus_per_replica = 1\n[select]\nwhere = ["fits"]\n')
    assert main(["explain", "--profile", str(path)]) == 0
    assert "1 of 1 candidate survives" in capsys.readouterr().out
    assert main(["lock", str(path), "--lock", str(tmp_path / "sizer.lock")]) == 0
    assert "1 profile, 1 model, 1 accelerator" in capsys.readouterr().err
