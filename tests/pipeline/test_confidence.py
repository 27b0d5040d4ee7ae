from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from sizer import size
from sizer.load import load
from sizer.schema.answered.assumption import CarefulEnd, UnmeasuredFamily
from sizer.schema.answered.report import Choice
from sizer.schema.asked.profile import Estimation, Fleet, ModelAsk, Profile, Rule, Select
from sizer.schema.asked.serving import Workload

PROFILE = Profile(
    dsl=1,
    models=(ModelAsk("meta-llama/Llama-3.1-8B"),),
    fleet=Fleet(gpus=("H100-SXM5-80GB",), max_gpus_per_replica=1),
    workload=Workload(concurrency=(16,)),
)


def chosen(profile: Profile) -> Choice | None:
    (answer,) = size(profile).answers
    return answer.chosen


def value(name: str) -> float:
    choice = chosen(PROFILE)
    assert choice is not None
    found = choice.metrics[name]
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize(
    ("metric", "operator", "end"),
    [("itl_ms", "<", "high"), ("tokens_per_second", ">", "low"), ("ttft_ms", "<=", "high")],
)
def test_a_margin_is_demanded_of_the_end_that_is_worse(
    metric: str, operator: str, end: str
) -> None:
    between = (value(metric) + value(f"{metric}_{end}")) / 2
    asked = evolve(PROFILE, select=Select(where=(f"{metric} {operator} {between}",)))
    assert chosen(asked) is not None
    assert chosen(evolve(asked, estimator=Estimation(confidence=0.9))) is None


def test_rules_are_as_careful_as_filters() -> None:
    between = (value("itl_ms") + value("itl_ms_high")) / 2
    rule = Rule("slo.pace", f"itl_ms < {between}")
    careful = evolve(PROFILE, rule=(rule,), estimator=Estimation(confidence=0.9))
    (answer,) = size(careful).answers
    assert answer.chosen is None
    assert answer.near_miss is not None
    (broken,) = answer.near_miss.bounds
    assert broken.value == value("itl_ms_high")


def test_fits_is_asked_of_the_high_end_of_memory(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        'dsl = 1\n[[models]]\nname = "Qwen/Qwen2.5-7B"\n[fleet]\ngpus = ["L4"]\n'
        "[estimator]\nconfidence = 0.9\n"
    )
    assert load(path).policy.where[0].names == {"fits_surely"}
    assert load(path).policy.where[0].text == "fits"


def test_ranks_are_of_values() -> None:
    asked = evolve(PROFILE, estimator=Estimation(confidence=0.9))
    (answer,) = size(asked).answers
    assert answer.chosen is not None
    assert answer.chosen.metrics["tokens_per_second"] == value("tokens_per_second")


def test_a_report_says_what_a_confidence_changed_and_whom_nobody_measured() -> None:
    fleet = Fleet(gpus=("MI455X",))
    report = size(evolve(PROFILE, fleet=fleet, estimator=Estimation(confidence=0.8)))
    assert CarefulEnd(0.8) in report.assumptions
    assert "MI455X" in [e.gpu for e in report.assumptions if isinstance(e, UnmeasuredFamily)]


def test_a_calibration_of_ones_own_is_used_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "ours.toml"
    shipped = Path(__file__).parents[2] / "sizer" / "catalog" / "calibration" / "priors.toml"
    mine.write_text(shipped.read_text().replace('name = "priors"', 'name = "ours"'))
    report = size(evolve(PROFILE, estimator=Estimation(calibration=mine.name)))
    assert report.estimator == "analytic, calibration ours 1"
    (answer,) = report.answers
    assert answer.chosen is not None
    assert answer.chosen.metrics["itl_ms"] != value("itl_ms")
    assert answer.chosen.metrics["itl_ms_high"] is None
