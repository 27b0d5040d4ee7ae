"""Waivers in `sizer run`, in every format."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from sizer import Waiving, size
from sizer.cli import main
from sizer.load import load
from sizer.render.forms import GATES, REPORT

PROFILE = """\
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
[fleet]
gpus = ["H100-SXM5-80GB", "L4"]
max_gpus_per_replica = 1
[select]
sort = "cost"
[[rule]]
id = "slo.pace"
require = "itl_ms < 20"
message = "{itl_ms:.0f} ms"
[[waiver]]
rule = "slo.pace"
match = "gpu == 'L4'"
reason = "the pilot"
owner = "platform"
expires = 2027-01-31
ticket = "OPS-17"
"""
Capture = pytest.CaptureFixture[str]
DAY = ("--today", "2026-06-01")


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "p.toml"
    path.write_text(PROFILE)
    return str(path)


def chosen(capsys: Capture) -> str:
    gpu: str = json.loads(capsys.readouterr().out)["answers"][0]["chosen"]["metrics"]["gpu"]
    return gpu


@pytest.mark.parametrize("form", REPORT.forms)
def test_what_is_waived_is_seen_in_every_format(profile: str, form: str, capsys: Capture) -> None:
    asked = ["--compat" if form == "reference" else "--format", form]
    assert main(["run", profile, *DAY, *asked]) == 0
    out = capsys.readouterr().out
    assert "L4" in out
    assert "waived" in out
    assert "slo.pace" in out.replace("\\", "")


@pytest.mark.parametrize("form", ["text", "json", "markdown", "toml"])
def test_an_answer_says_who_waived_until_when_why_and_on_which_day(
    profile: str, form: str, capsys: Capture
) -> None:
    assert main(["run", profile, *DAY, "--format", form]) == 0
    out = capsys.readouterr().out
    assert all(part in out for part in ("platform", "2027-01-31", "the pilot", "OPS-17"))
    assert "2026-06-01" in out


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_every_candidate_that_a_waiver_lets_stay_says_so(
    profile: str, form: str, capsys: Capture
) -> None:
    reverse = PROFILE.replace('sort = "cost"', 'sort = "tokens_per_second"')
    Path(profile).write_text(reverse)
    assert main(["run", profile, *DAY, "--format", form]) == 0
    out = " ".join(capsys.readouterr().out.replace("\\", "").split())
    assert "(waived: slo.pace)" in out
    assert "; waived for it" not in out


def test_python_names_the_day(profile: str) -> None:
    for day, waived in ((date(2027, 1, 31), 1), (date(2027, 2, 1), 0)):
        report = size(load(Path(profile), waiving=Waiving(day)))
        assert report.today == str(day)
        assert [each.waived for each in report.waivers] == [waived]


def test_json_counts_what_a_waiver_is_for_and_what_it_changes(
    profile: str, capsys: Capture
) -> None:
    assert main(["run", profile, *DAY, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["today"] == "2026-06-01"
    assert data["waivers"] == [
        {
            "rule": "slo.pace",
            "match": "gpu == 'L4'",
            "reason": "the pilot",
            "owner": "platform",
            "expires": "2027-01-31",
            "ticket": "OPS-17",
            "status": "in force",
            "matched": 1,
            "waived": 1,
            "everywhere": 1,
        }
    ]
    (answer,) = data["answers"]
    assert answer["chosen"]["findings"][0]["outcome"] == "fails"
    assert answer["chosen"]["findings"][0]["waiver"] == {
        "owner": "platform",
        "expires": "2027-01-31",
        "reason": "the pilot",
        "ticket": "OPS-17",
    }
    assert answer["funnel"][-1]["waived"] == 1


def test_without_waivers_the_bare_truth_is_told(profile: str, capsys: Capture) -> None:
    assert main(["run", profile, *DAY, "--no-waivers", "--format", "json"]) == 0
    assert chosen(capsys) == "H100-SXM5-80GB"
    assert main(["run", profile, *DAY, "--no-waivers"]) == 0
    assert "slo.pace where gpu == 'L4': not applied" in capsys.readouterr().out


def test_the_day_after_a_waiver_its_rule_counts(profile: str, capsys: Capture) -> None:
    assert main(["run", profile, "--today", "2027-01-31", "--format", "json"]) == 0
    assert chosen(capsys) == "L4"
    assert main(["run", profile, "--today", "2027-02-01", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["answers"][0]["chosen"]["metrics"]["gpu"] == "H100-SXM5-80GB"
    assert "warning[SZ402]: the waiver of 'slo.pace' expired on 2027-01-31" in captured.err


@pytest.mark.parametrize(
    ("match", "told"),
    [
        ("tp == 7", "warning[SZ401]: the waiver of 'slo.pace' is for no candidate"),
        (
            "gpu == 'H100-SXM5-80GB'",
            "warning[SZ401]: every candidate that this waiver is for keeps",
        ),
        ("tp >= 1", "warning[SZ403]: the waiver of 'slo.pace' is for every candidate"),
    ],
)
def test_a_run_tells_what_only_candidates_show(
    profile: str, match: str, told: str, capsys: Capture
) -> None:
    Path(profile).write_text(PROFILE.replace("gpu == 'L4'", match))
    assert main(["run", profile, *DAY]) == 0
    err = capsys.readouterr().err
    assert told in err
    assert err.count("SZ40") == 1


def test_a_waiver_that_expires_soon_is_told(profile: str, capsys: Capture) -> None:
    assert main(["run", profile, "--today", "2027-01-30"]) == 0
    err = capsys.readouterr().err
    assert "info[SZ405]: the waiver of 'slo.pace' expires on 2027-01-31" in err
    assert "platform answers for it; today is 2027-01-30" in err


def test_checking_takes_the_day_too(profile: str, capsys: Capture) -> None:
    assert main(["check", profile, "--today", "2027-01-01"]) == 0
    assert "checked, waivers as of 2027-01-01: no faults" in capsys.readouterr().err
    assert main(["check", profile, "--today", "2027-02-01", "--format", "json"]) == 2
    data = json.loads(capsys.readouterr().out)
    assert data["today"] == "2027-02-01"
    assert [each["code"] for each in data["findings"]] == ["SZ402"]


@pytest.mark.parametrize("day", ["tomorrow", "2027-02-30", "20270101x", ""])
def test_a_day_is_a_date(profile: str, day: str, capsys: Capture) -> None:
    assert main(["run", profile, "--today", day]) == 2
    assert "is not a date like 2027-01-31" in capsys.readouterr().err


def test_a_lock_holds_until_a_waiver_expires(
    profile: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(profile).parent
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    Path(profile).write_text(PROFILE.replace("2027-01-31", "9999-01-31"))
    assert main(["lock", "p.toml"]) == 0
    assert main(["run", "p.toml", "--locked"]) == 0
    assert main(["run", "p.toml", "--locked", "--today", "9999-01-01"]) == 0
    assert main(["run", "p.toml", "--locked", "--today", "9999-02-01"]) == 2
    assert "SZ514" in capsys.readouterr().err
    assert main(["run", "p.toml", "--locked", "--no-waivers"]) == 2


@pytest.mark.parametrize("form", GATES)
def test_a_gate_carries_what_is_waived_and_what_is_wrong_with_waivers(
    profile: str, form: str, capsys: Capture
) -> None:
    gone = PROFILE.partition("[[waiver]]")[2].replace("2027-01-31", "2025-01-31")
    Path(profile).write_text(f"{PROFILE}[[waiver]]{gone}")
    assert main(["run", profile, *DAY, "--format", form]) == 0
    captured = capsys.readouterr()
    assert "platform, until 2027-01-31: the pilot (OPS-17)" in captured.out.replace("%3A", ":")
    assert "SZ402" in captured.out
    assert "expired on 2025-01-31" in captured.out
    assert "2026-06-01" in captured.out + captured.err
    assert main(["run", profile, *DAY, "--format", form, "--no-waivers"]) == 0
    assert "the pilot" not in capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "concise", "github", "gitlab", "json", "junit", "sarif"])
def test_a_check_tells_of_waivers_and_the_day_in_every_format(
    profile: str, form: str, capsys: Capture
) -> None:
    Path(profile).write_text(PROFILE.replace("gpu == 'L4'", "tp >= 1"))
    assert main(["check", profile, *DAY, "--format", form]) == 2
    captured = capsys.readouterr()
    assert "SZ403" in captured.out
    assert "waivers as of 2026-06-01" in captured.err
    assert ("2026-06-01" in captured.out) is (form in {"json", "junit", "sarif"})
