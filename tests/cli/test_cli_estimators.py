"""Who estimates is a line of the profile."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import sizer

from sizer.pipeline import question_of, size
from sizer.resolve import resolve
from sizer.schema.answered.assumption import MeanPace

PROFILE = """
dsl = 1
[[models]]
name = "meta-llama/Llama-3.1-8B"
[fleet]
gpus = ["H100-SXM5-80GB", "L4"]
[estimator]
name = "aiconfigurator"
[select]
where = ["fits", "itl_ms < 100"]
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE, "utf-8")
    return path


def test_a_profile_asks_the_second_opinion(profile: Path) -> None:
    pytest.importorskip("aiconfigurator_core", reason="needs the extra: pip install .[aic]")
    report = size(profile)
    assert report.estimator.startswith("aiconfigurator, aiconfigurator-core 0.12.")
    (answer,) = report.answers
    assert {each.metrics["gpu"] for each in answer.per_gpu} == {"H100-SXM5-80GB"}
    assert sum(sieve.unknown for sieve in answer.funnel) > 0  # the L4 was never measured


def test_both_say_whose_pace_is_ours_alone(profile: Path) -> None:
    pytest.importorskip("aiconfigurator_core", reason="needs the extra: pip install .[aic]")
    profile.write_text(PROFILE.replace('"aiconfigurator"', '"both"'), "utf-8")
    report = size(profile)
    assert report.estimator.startswith("both, calibration default ")
    assert ", aiconfigurator-core 0.12." in report.estimator
    assert MeanPace(("L4",)) in report.assumptions
    assert sum(sieve.unknown for sieve in report.answers[0].funnel) == 0


def test_an_engine_that_it_does_not_know_has_a_pace_of_ours(profile: Path) -> None:
    text = PROFILE.replace('"aiconfigurator"', '"both"') + '[engine]\nname = "generic"\n'
    profile.write_text(text, "utf-8")
    asked = question_of(profile)
    found = resolve(asked.profile, asked.folder, asked.place).assumptions
    assert MeanPace(("H100-SXM5-80GB", "L4")) in found


@pytest.mark.parametrize("command", ["run", "score"])
def test_without_the_extra_the_answer_is_what_to_install(
    profile: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aiconfigurator_core.py").write_text("raise ImportError('not here')\n", "utf-8")
    table = tmp_path / "points.csv"
    table.write_text("model,gpu,measured_itl_ms\nmeta-llama/Llama-3.1-8B,H100,7\n", "utf-8")
    monkeypatch.chdir(tmp_path)  # first on the path of `python -m`
    options = (profile,) if command == "run" else (table, "--estimator", "aiconfigurator")
    done = sizer(command, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[SZ303]: aiconfigurator-core cannot be imported: not here" in done.stderr
    assert "pip install 'fleet-sizer[aic]'" in done.stderr
