"""Several models: one table across them, and with `across` one choice over all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sizer import Report, size
from sizer.cli import main

Capture = pytest.CaptureFixture[str]
SORT = "params_b desc then itl_ms"
FLEET = {"gpus": ["RTX-4090"], "max_gpus_per_replica": 4}
LOAD = {"input_tokens": 30_000, "output_tokens": 1000, "max_context": 32_768}
PROFILE = """dsl = 1
[[models]]
name = "Qwen/Qwen3-?B"
weights = ["bf16", "fp8"]
[[models]]
name = "Qwen/Qwen3-235B-A22B"
[fleet]
gpus = ["RTX-4090"]
max_gpus_per_replica = 4
[select]
sort = "params_b desc then itl_ms"
across = "models"
"""


def answer(*models: str, **select: Any) -> Report:
    asked = [{"name": name, "weights": ["bf16", "fp8", "awq"]} for name in models]
    tables = {"models": asked, "fleet": FLEET, "workload": LOAD}
    return size({**tables, "select": {"sort": SORT, **select}})


def test_several_models_get_one_table_in_the_order_of_the_sort() -> None:
    report = answer("Qwen/Qwen3-?B", "Qwen/Qwen3-32B", "Qwen/Qwen3-235B-A22B")
    assert [each.model for each in report.per_model] == [
        "Qwen/Qwen3-32B",
        "Qwen/Qwen3-8B",
        "Qwen/Qwen3-4B",
        "Qwen/Qwen3-235B-A22B",
    ]
    chosen = {each.model: each.chosen for each in report.answers}
    assert report.per_model[-1].best is None
    for each in report.per_model[:-1]:
        alone = chosen[each.model]
        assert alone is not None
        assert each.best is not None
        assert each.best.candidate == f"{each.model} {alone.candidate}"
        assert each.best.metrics == alone.metrics


def test_one_model_needs_no_table() -> None:
    assert answer("Qwen/Qwen3-8B").per_model == ()


def test_across_models_one_is_chosen_and_counts_are_of_all() -> None:
    names = ("Qwen/Qwen3-8B", "Qwen/Qwen3-32B", "Qwen/Qwen3-235B-A22B")
    apart, (whole,) = answer(*names), answer(*names, across="models").answers
    assert whole.model == "all models"
    assert whole.chosen is not None
    assert whole.chosen.candidate.startswith("Qwen/Qwen3-32B RTX-4090 x")
    assert whole.candidates == sum(each.candidates for each in apart.answers)
    assert whole.survivors == sum(each.survivors for each in apart.answers)
    for number, stage in enumerate(whole.funnel):
        stages = [each.funnel[number] for each in apart.answers]
        assert stage.given == sum(each.given for each in stages)
        assert stage.removed == sum(each.removed for each in stages)
    splits = {each.reason: each.splits for each in whole.unproposed}
    for reason, count in splits.items():
        mine = [each for one in apart.answers for each in one.unproposed if each.reason == reason]
        assert count == sum(each.splits for each in mine)


def test_across_models_the_best_of_each_stands_beside() -> None:
    names = ("Qwen/Qwen3-8B", "Qwen/Qwen3-32B")
    apart, across = answer(*names), answer(*names, across="models")
    assert across.per_model == apart.per_model
    assert across.per_model[0].best == across.answers[0].chosen


def test_across_models_the_nearest_miss_is_that_of_all() -> None:
    (whole,) = answer(
        "Qwen/Qwen3-235B-A22B", "Qwen/Qwen3-8B", across="models", where=["itl_ms < 0.1"]
    ).answers
    assert whole.chosen is None
    assert whole.near_miss is not None
    assert whole.near_miss.candidate.startswith("Qwen/Qwen3-8B ")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("a.toml").write_text(PROFILE)
    return "a.toml"


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_pages_show_the_table_and_the_choice(path: str, capsys: Capture, form: str) -> None:
    assert main(["run", path, "--format", form]) == 0
    said = capsys.readouterr().out
    assert "best of each model" in said
    assert "Qwen3-235B-A22B" in said
    assert said.index("best of each model") < said.index("all models")


def test_locks_explanations_and_programs_follow(path: str, capsys: Capture) -> None:
    assert main(["run", path, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (whole,) = found["answers"]
    chosen = whole["chosen"]["candidate"]
    assert chosen.startswith("Qwen/Qwen3-8B RTX-4090 x")
    assert [each["model"] for each in found["per_model"]][-1] == "Qwen/Qwen3-235B-A22B"
    assert main(["explain", "--profile", path]) == 0
    assert chosen in capsys.readouterr().out
    smaller = next(
        each["best"]["candidate"] for each in found["per_model"] if "4B" in each["model"]
    )
    assert main(["explain", "--profile", path, "--candidate", smaller]) == 0
    assert "survives, ranked " in capsys.readouterr().out
    assert main(["lock", path]) == 0
    assert main(["lock", "--check"]) == 0
    assert f'candidate = "{chosen}"' in Path("sizer.lock").read_text()
    Path(path).write_text(PROFILE.replace("params_b desc", "params_b asc"))
    capsys.readouterr()
    assert main(["lock", "--check"]) == 1
    assert "all models: the answer is Qwen/Qwen3-4B RTX-4090 x" in capsys.readouterr().out


def test_the_largest_model_in_its_mildest_format() -> None:
    asked = {"name": "Qwen/Qwen3-*", "weights": ["auto", "fp8", "awq", "q4_k_m", "q2_k"]}
    select = {"sort": "params_b desc then weight_bits desc", "across": "models"}
    tables = {"models": [asked], "fleet": FLEET, "workload": LOAD}
    report = size({**tables, "select": select})
    chosen = report.answers[0].chosen
    assert chosen is not None
    assert chosen.metrics["fits"] is True
    fitting = [each.best.metrics for each in report.per_model if each.best is not None]
    assert chosen.metrics["params_b"] == max(float(each["params_b"] or 0) for each in fitting)
    alone = {**asked, "name": str(chosen.metrics["model"])}
    everything = size({**tables, "models": [alone]}, everything=True).answers[0]
    assert everything.chosen is not None
    bits = [
        float(each.metrics["weight_bits"] or 0) for each in (everything.chosen, *everything.others)
    ]
    assert chosen.metrics["weight_bits"] == max(bits)
    assert chosen.metrics["weights"] != "q2_k"


def test_across_models_a_deployment_carries_every_load() -> None:
    loads = {"input_tokens": 1000, "output_tokens": 200, "concurrency": [1, 64]}
    models = [{"name": "Qwen/Qwen3-8B"}, {"name": "Qwen/Qwen3-4B"}]
    select = {"sort": "params_b desc then itl_ms", "across": "models"}
    report = size({"models": models, "fleet": FLEET, "workload": loads, "select": select})
    (whole,) = report.answers
    assert whole.chosen is not None
    assert whole.chosen.candidate.startswith("Qwen/Qwen3-8B RTX-4090 x")
    assert [each.load for each in whole.per_load] == ["1000+200 c1", "1000+200 c64"]
    assert [each.model for each in report.per_model] == ["Qwen/Qwen3-8B", "Qwen/Qwen3-4B"]


def test_the_reference_systems_json_has_no_place_for_one_of_all(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "p.toml"
    path.write_text(PROFILE)
    assert main(["run", str(path), "--compat", "reference"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "error[SZ006]: --compat reference has an answer for each model" in told.err
    path.write_text(PROFILE.replace('across = "models"\n', ""))
    assert main(["run", str(path), "--compat", "reference"]) in {0, 1}
    assert "recommendations" in capsys.readouterr().out
