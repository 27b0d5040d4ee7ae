"""`sizer explain --profile`: forms, names and exit codes."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest
from command_line import GOOD

from sizer.cli import main
from sizer.pipeline import decisions

Capture = pytest.CaptureFixture[str]
STRICT = '[[rule]]\nid = "pace"\nrequire = "itl_ms < 0.001"\n'


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "profile.toml"
    path.write_text(GOOD + STRICT)
    return str(path)


def test_text_says_what_failed_first_and_what_would_do(profile: str, capsys: Capture) -> None:
    assert main(["explain", "--profile", profile]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "refused by pace (error)\n" in shown.out
    assert "itl_ms < 0.001: false" in shown.out
    assert "<- the first that fails" in shown.out
    assert "would hold with itl_ms below 0.001 ms" in shown.out


def test_json_has_the_same_for_a_named_candidate(profile: str, capsys: Capture) -> None:
    name = "H100-SXM5-80GB x2 bf16 kv=bf16 tp2 1024+256 c1"
    assert main(["explain", "--profile", profile, "--candidate", name, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (decision,) = found["decisions"]
    assert (found["version"], decision["candidate"]) == (1, name)
    assert (decision["survives"], decision["first_failed"]) == (False, "pace")
    fits, carried, pace = (each["outcome"] for each in decision["conditions"])
    assert (fits, carried, pace) == ("holds", "holds", "fails")
    pace = decision["conditions"][-1]
    assert pace["require"]["parts"][0]["value"] == decision["metrics"]["itl_ms"]
    assert pace["flips"][0][0]["needed"] == 0.001


def test_garbage_is_collected_while_changes_are_looked_for(
    profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    collecting: list[bool] = []

    def answered(*_: object, **_more: object) -> tuple[object, ...]:
        collecting.append(gc.isenabled())
        return ()

    monkeypatch.setattr(decisions, "decisions", answered)
    assert main(["explain", "--profile", profile]) == 2
    assert collecting == [True]


def test_rules_can_be_left_out(profile: str, capsys: Capture) -> None:
    assert main(["explain", "--profile", profile, "--ignore", "pace"]) == 0
    assert "survives, ranked 1" in capsys.readouterr().out


def test_a_waiver_is_named_and_can_be_left_out(profile: str, capsys: Capture) -> None:
    with Path(profile).open("a", encoding="utf-8") as file:
        file.write(
            '[[waiver]]\nrule = "pace"\nmatch = "tp == 1"\nreason = "a trial"\nowner = "ml"\n'
            "expires = 2027-01-31\n"
        )
    asked = ["explain", "--profile", profile, "--today", "2027-01-30"]
    assert main(asked) == 0
    shown = capsys.readouterr().out
    assert "survives, ranked 1" in shown
    assert "waived by ml, until 2027-01-31: a trial\n" in shown
    assert main([*asked, "--no-waivers"]) == 0
    shown = capsys.readouterr().out
    assert "refused by pace" in shown
    assert "waived" not in shown


def test_a_name_that_no_candidate_has_is_a_bad_question(profile: str, capsys: Capture) -> None:
    name = "H100-SXM5-80GB x3 bf16 kv=bf16 tp3 1024+256 c1"
    assert main(["explain", "--profile", profile, "--candidate", name]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"error[SZ006]: no candidate is called {name!r}\n")
    assert "did you mean 'H100-SXM5-80GB x" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["itl_ms", "--profile", "x.toml", "--candidate", "x"],
        ["itl_ms", "--candidate", "x"],
        ["itl_ms", "--format", "json"],
        ["itl_ms", "--select", "x"],
        ["itl_ms", "--no-waivers"],
    ],
)
def test_a_decision_and_a_page_are_two_questions(arguments: list[str], capsys: Capture) -> None:
    assert main(["explain", *arguments]) == 2
    assert capsys.readouterr().err.startswith("error[SZ006]: ")


def test_the_words_of_a_table_lead_to_whole_names(profile: str, capsys: Capture) -> None:
    assert main(["explain", "--profile", profile, "--candidate", "H100-SXM5-80GB x2 c1"]) == 2
    told = capsys.readouterr().err
    assert "whole names with these words: 'H100-SXM5-80GB x2 " in told


def test_a_model_without_candidates_has_no_decision(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "none.toml"
    asked = GOOD.replace('name = "Qwen/Qwen2.5-7B"', 'name = "Qwen/Qwen2.5-7B"\nweights = "nvfp4"')
    path.write_text(asked.replace("H100-SXM5-80GB", "T4"))
    assert main(["explain", "--profile", str(path)]) == 2
    assert "this profile has no candidate" in capsys.readouterr().err
