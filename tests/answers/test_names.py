"""One name of a profile may stand for several: globs, a maker, a provider, all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sizer.resolve.facts
from sizer import Problem, Report, size
from sizer.catalog.gpus import gpu_names
from sizer.catalog.patterns import gpus_of, models_of
from sizer.catalog.prices import price, prices_of
from sizer.cli import main
from sizer.pipeline import question_of
from sizer.render.report.assumptions import assumption_text
from sizer.resolve import resolve

MODEL = "Qwen/Qwen3-8B"
Capture = pytest.CaptureFixture[str]


def answer(model: str = MODEL, **fleet: Any) -> Report:
    return size({"models": [{"name": model}], "fleet": fleet}, everything=True)


def gpus(report: Report) -> set[object]:
    return {each.metrics["gpu"] for each in report.answers[0].per_gpu}


def texts(report: Report) -> list[str]:
    return [assumption_text(each) for each in report.assumptions]


def listed(**fleet: Any) -> list[str]:
    question = question_of({"models": [{"name": MODEL}], "fleet": fleet})
    return [gpu.name for gpu in resolve(question.profile).scenario.gpus]


def refused(model: str = MODEL, **fleet: Any) -> list[str]:
    with pytest.raises(Problem) as caught:
        answer(model, **fleet)
    return [f"{each.code} {each.message}; {each.help}" for each in caught.value.diagnostics]


@pytest.mark.parametrize("glob", ["H100*", "h100*", "H100?*", "*100-SXM5-80GB", "H100 *"])
def test_a_glob_of_accelerators_is_what_matches_in_any_case(glob: str) -> None:
    found = gpus(answer(gpus=[glob]))
    assert "H100-SXM5-80GB" in found
    assert all("H100" in str(name) for name in found)


def test_a_fleet_names_each_accelerator_once() -> None:
    found = listed(gpus=["H100", "H100*", "vendor:NVIDIA"])
    assert sorted(found) == list(gpus_of("vendor:nvidia"))
    assert "A100-SXM4-80GB" in found
    assert "MI300X" not in found


def test_a_provider_is_what_it_sells_and_the_answer_lists_it() -> None:
    report = answer(gpus=["provider:AWS"])
    sold = gpus_of("provider:aws")
    assert any(each.provider == "aws" for each in prices_of(sold[0]))
    assert f"provider:AWS stands for {', '.join(sold)}" in texts(report)


def test_a_provider_of_ones_own_prices_is_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = 'gpu = "T4"\nprovider = "our-hall"\nusd_per_gpu_hour = 0.2\nas_of = 2026-11-01\n'
    Path("ours.toml").write_text(f"[[prices]]\n{row}")
    assert gpus(answer(gpus=["provider:our-hall"], prices=["ours.toml"])) == {"T4"}
    [said] = refused(gpus=["provider:our-hall"])
    assert "SZ701 no price of the catalog is from 'our-hall'; one of aws, azure" in said


@pytest.mark.parametrize("fleet", [{}, {"gpus": ["all"]}, {"gpus": "ALL"}])
def test_no_gpus_and_all_are_every_accelerator_with_a_price(fleet: dict[str, Any]) -> None:
    report = answer(**fleet)
    priced = [name for name in gpu_names() if price(name) is not None]
    assert listed(**fleet) == priced
    said = texts(report)[0]
    left = len(gpu_names()) - len(priced)
    assert f"{len(priced)} accelerators of the catalog with a price, {left} without one" in said
    assert said.startswith('gpus = ["all"]' if fleet else "no `gpus` are named")


def test_a_profile_without_a_fleet_is_a_question() -> None:
    report = size({"models": [{"name": MODEL}]})
    assert report.answers[0].chosen is not None


def test_all_is_what_has_a_price_on_the_terms_asked() -> None:
    report = answer(provider="lambda")
    assert listed(provider="lambda") == list(gpus_of("provider:lambda"))
    assert "with a price from lambda" in texts(report)[0]
    [said] = refused(term="spot", provider="lambda")
    assert "SZ701 no accelerator of the catalog has a price from lambda as spot" in said


def test_accelerators_by_hand_alone_are_the_fleet() -> None:
    mine = {"name": "ours", "memory_gb": 80.0, "memory_bandwidth_gb_s": 2000.0}
    assert gpus(answer(custom=[{**mine, "tflops_fp16": 300.0}])) == {"ours"}


def test_a_glob_of_models_is_one_answer_each_with_the_same_formats() -> None:
    asked = {"name": "Qwen/Qwen3-?B", "weights": ["bf16", "fp8"]}
    report = size({"models": [asked], "fleet": {"gpus": ["H100"]}}, everything=True)
    assert [each.model for each in report.answers] == ["Qwen/Qwen3-4B", "Qwen/Qwen3-8B"]
    formats = {each.metrics["weights"] for each in report.answers[1].others}
    assert formats == {"bf16", "fp8"}


def test_a_glob_finds_models_without_their_organisation_and_each_structure_once() -> None:
    assert set(models_of("qwen3-?b")) == {"Qwen/Qwen3-4B", "Qwen/Qwen3-8B"}
    found = models_of("*llama-3.1-8b*")
    assert "meta-llama/Llama-3.1-8B" in found
    assert len(found) == len(set(found))
    assert models_of("*/Llama-3.1-8B-Instruct") == ("meta-llama/Llama-3.1-8B-Instruct",)


def test_a_model_that_is_named_is_not_named_again_by_a_glob() -> None:
    models = [{"name": "Qwen/Qwen3-?B"}, {"name": "qwen3-8b", "weights": "fp8"}]
    report = size({"models": models, "fleet": {"gpus": ["H100"]}})
    assert [each.model for each in report.answers] == ["Qwen/Qwen3-4B", "qwen3-8b"]


@pytest.mark.parametrize(
    ("fleet", "said"),
    [
        ({"gpus": ["H10X*"]}, "no accelerator matches 'H10X*'; did you mean 'H100-SXM5-80GB'?"),
        ({"gpus": ["zz*"]}, "no accelerator matches 'zz*'; `sizer gpus` lists the names"),
        ({"gpus": ["vendor:amdd"]}, "is from 'amdd'; did you mean 'amd'?"),
        ({"gpus": ["provider:awss"]}, "is from 'awss'; did you mean 'aws'?"),
        ({"gpus": ["every"]}, "unknown accelerator 'every'"),
        ({"gpus": []}, "gpus must not be empty; leave `gpus` out for every accelerator"),
    ],
)
def test_what_stands_for_nothing_is_refused_with_what_is_near(
    fleet: dict[str, Any], said: str
) -> None:
    [found] = refused(**fleet)
    assert said in found


def test_a_glob_that_no_model_matches_is_refused_with_what_is_near() -> None:
    [said] = refused("Qwen/Qwen9-8*", gpus=["H100"])
    assert "SZ702 no model of the catalog matches 'Qwen/Qwen9-8*'; did you mean 'qwen/" in said


PROFILE = """dsl = 1
[[models]]
name = "Qwen/Qwen3-?B"
[fleet]
gpus = ["H100*"]
"""


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> str:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("a.toml").write_text(PROFILE)
    assert main(["lock", "a.toml"]) == 0
    assert main(["lock", "--check"]) == 0
    capsys.readouterr()
    return Path("sizer.lock").read_text()


def test_a_new_accelerator_is_drift_and_no_locked_answer_changes(
    locked: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert main(["run", "a.toml"]) == 0
    before = capsys.readouterr().out
    more = sorted([*gpus_of("H100*"), "H200-SXM"])
    monkeypatch.setattr(sizer.resolve.facts, "gpus_of", lambda _: tuple(more))
    assert main(["run", "a.toml", "--locked"]) == 0
    assert capsys.readouterr().out == before
    assert main(["lock", "--check"]) == 1
    found = capsys.readouterr()
    assert "error[SZ513]: 'H100*' now stands also for H200-SXM" in found.out
    assert "help: `sizer update 'H100*'`" in found.out
    assert "1 thing drifted" in found.err
    assert main(["lock"]) == 0
    assert Path("sizer.lock").read_text() == locked
    assert main(["update", "H100*"]) == 0
    assert '"H200-SXM"' in Path("sizer.lock").read_text()
    assert main(["lock", "--check"]) == 0


def test_a_model_that_left_the_catalog_is_drift(
    locked: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert 'name = "Qwen/Qwen3-?B"' in locked
    monkeypatch.setattr(sizer.resolve.facts, "models_of", lambda _: ("Qwen/Qwen3-4B",))
    assert main(["lock", "--check"]) == 1
    assert "'Qwen/Qwen3-?B' now stands no longer for Qwen/Qwen3-8B" in capsys.readouterr().out


def test_a_check_looks_behind_globs(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f"{PROFILE}[select]\nwhere = [\"fits\", \"gpu in ('L4', 'H100-NVL')\"]\n")
    assert main(["check", str(path)]) == 0
    assert "never chosen" not in capsys.readouterr().out
    path.write_text(f'{PROFILE}[select]\nwhere = ["fits", "gpu == \'L4\'"]\n')
    assert main(["check", str(path)]) == 0
    assert "accelerator 'H100*' is never chosen" in capsys.readouterr().out
