"""Findings in every format: complete, deterministic, and harmless."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sizer.diagnostic import Checked, Diagnostic, Place
from sizer.load import check
from sizer.render.findings.fingerprint import fingerprints
from sizer.render.forms import FINDINGS
from sizer.render.kit import Look

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"
INVALID = Path(__file__).parents[1] / "invalid"
LINE = 'where = ["latencyms < 10"]'
NAME = Diagnostic(
    "SZ202", "unknown name 'latencyms'", Place("p.toml", 4, 11, 9, LINE), "did you mean 'itl_ms'?"
)
EMPTY = Diagnostic(
    "SZ505", "extends names no file", Place("r.toml", 2, 1, 7, "extends = []"), None, "warning"
)
LOST = Diagnostic("SZ508", "--select 'x' matches no rule")
CHECKED = Checked(("p.toml", "fine.toml"), ("r.toml",), (LOST, NAME, EMPTY))
HOSTILE = (
    "\x1b[31m::error::x\n::stop-commands::t\r##vso[task.complete]](http://x)<b>|`&\"'\x00\u202e"
)


def hostile() -> Checked:
    place = Place(HOSTILE, 1, 3, 4, HOSTILE)
    return Checked((HOSTILE,), (HOSTILE,), (Diagnostic("SZ103", HOSTILE, place, HOSTILE),))


def validate(text: str) -> dict[str, Any]:
    jsonschema = pytest.importorskip("jsonschema")
    log: dict[str, Any] = json.loads(text)
    jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(log)
    return log


def test_text_is_for_people() -> None:
    said = FINDINGS.render(evolve(CHECKED, found=(NAME,)), "text")
    assert said == (
        "p.toml:4:11: error[SZ202]: unknown name 'latencyms'\n"
        f"    4 | {LINE}\n"
        "      |           ^^^^^^^^^\n"
        "      = help: did you mean 'itl_ms'?\n"
    )


def test_text_is_coloured_where_colour_is_understood_and_says_the_same() -> None:
    coloured = FINDINGS.render(CHECKED, "text", Look(colour=True))
    assert "\x1b[1;31merror[SZ202]\x1b[0m" in coloured
    assert "\x1b[1;31m          ^^^^^^^^^\x1b[0m" in coloured
    bare = coloured
    for escape in ("\x1b[1m", "\x1b[2m", "\x1b[0m", "\x1b[1;31m", "\x1b[1;33m"):
        bare = bare.replace(escape, "")
    assert bare == FINDINGS.render(CHECKED, "text")


def test_concise_is_a_line_for_each() -> None:
    assert FINDINGS.render(CHECKED, "concise").splitlines() == [
        "error[SZ508]: --select 'x' matches no rule",
        "p.toml:4:11: error[SZ202]: unknown name 'latencyms'",
        "r.toml:2:1: warning[SZ505]: extends names no file",
    ]


def test_json_is_versioned_and_complete() -> None:
    data = json.loads(FINDINGS.render(CHECKED, "json"))
    assert data["version"] == 1
    assert data["counts"] == {"error": 2, "warning": 1, "info": 0}
    assert data["failed"] is True
    lost, name, _ = data["findings"]
    assert name.pop("fingerprint")
    assert name == {
        "code": "SZ202",
        "severity": "error",
        "message": "unknown name 'latencyms'",
        "help": "did you mean 'itl_ms'?",
        "waiver": None,
        "file": "p.toml",
        "line": 4,
        "column": 11,
        "end_column": 20,
        "related": [],
    }
    assert lost["file"] is lost["line"] is lost["end_column"] is None


def test_github_annotates_lines() -> None:
    assert FINDINGS.render(CHECKED, "github").splitlines() == [
        "::error title=sizer SZ508::--select 'x' matches no rule",
        (
            "::error title=sizer SZ202,file=p.toml,line=4,endLine=4,col=11,endColumn=20"
            "::unknown name 'latencyms'%0Ahelp: did you mean 'itl_ms'?"
        ),
        (
            "::warning title=sizer SZ505,file=r.toml,line=2,endLine=2,col=1,endColumn=8"
            "::extends names no file"
        ),
    ]


def test_github_properties_cannot_be_broken_out_of() -> None:
    place = Place("a,b:c%.toml", 1)
    said = FINDINGS.render(evolve(CHECKED, found=(evolve(NAME, place=place, help=None),)), "github")
    assert "file=a%2Cb%3Ac%25.toml,line=1,endLine=1::" in said


def test_gitlab_has_what_merge_requests_need() -> None:
    lost, name, empty = json.loads(FINDINGS.render(CHECKED, "gitlab"))
    assert (lost["location"]["path"], lost["severity"]) == (".", "major")
    assert name["location"] == {"path": "p.toml", "lines": {"begin": 4, "end": 4}}
    assert name["check_name"] == "SZ202"
    assert len({each["fingerprint"] for each in (lost, name, empty)}) == 3


@pytest.mark.parametrize(("level", "failures"), [("error", 2), ("warning", 3)])
def test_junit_has_a_suite_for_each_file(level: Any, failures: int) -> None:
    root = ET.fromstring(FINDINGS.render(evolve(CHECKED, fail_level=level), "junit"))  # noqa: S314  # our own
    assert [suite.get("name") for suite in root] == ["fine.toml", "p.toml", "r.toml", "sizer"]
    assert (root.get("tests"), root.get("failures")) == ("4", str(failures))
    assert len(root.findall(".//failure")) == failures
    told = root.find("testsuite/testcase/failure")
    assert told is not None
    assert LINE in (told.text or "")


def test_sarif_is_valid_and_points_at_characters() -> None:
    (run,) = validate(FINDINGS.render(CHECKED, "sarif"))["runs"]
    lost, name, empty = run["results"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == ["SZ202", "SZ505", "SZ508"]
    assert run["tool"]["driver"]["rules"][name["ruleIndex"]]["id"] == name["ruleId"] == "SZ202"
    assert (name["level"], empty["level"], lost["locations"]) == ("error", "warning", [])
    (place,) = name["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "p.toml", "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 4,
            "startColumn": 11,
            "endColumn": 20,
            "snippet": {"text": "latencyms"},
        },
    }


def test_sarif_links_to_the_documentation_that_the_package_declares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = metadata.metadata("fleet-sizer")
    real["Project-URL"] = "Documentation, https://example.org/codes"
    monkeypatch.setattr("sizer.render.findings.program.metadata", lambda _: real)
    (run,) = validate(FINDINGS.render(CHECKED, "sarif"))["runs"]
    assert run["tool"]["driver"]["rules"][0]["helpUri"] == "https://example.org/codes#sz202"


def test_sarif_stays_valid_for_every_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(INVALID)
    checked = check([str(path.name) for path in INVALID.glob("SZ*.toml")])
    (run,) = validate(FINDINGS.render(checked, "sarif"))["runs"]
    assert len(run["results"]) == len(checked.found)
    (invocation,) = run["invocations"]
    told = [each["descriptor"]["id"] for each in invocation["toolExecutionNotifications"]]
    assert not invocation["executionSuccessful"]
    assert {"SZ002", "SZ003", "SZ004"} <= set(told)
    assert validate(FINDINGS.render(Checked((), (), ()), "sarif"))["runs"][0]["results"] == []


def test_fingerprints_survive_moved_lines_and_tell_twins_apart() -> None:
    def moved(found: Diagnostic, lines: int, indent: str = "") -> Diagnostic:
        place = found.place
        assert place
        line = (place.line or 0) + lines
        return evolve(found, place=evolve(place, line=line, excerpt=f"{indent}{place.excerpt}"))

    twins = evolve(CHECKED, found=(NAME, moved(NAME, 1), EMPTY))
    later = evolve(CHECKED, found=tuple(moved(each, 30, "  ") for each in twins.found))
    marks = list(fingerprints(twins))
    assert marks == list(fingerprints(later))
    assert len(set(marks)) == 3


@pytest.mark.parametrize("form", FINDINGS.forms)
def test_no_text_of_a_file_is_an_order(form: str) -> None:
    said = FINDINGS.render(hostile(), form)
    assert all(c.isprintable() or c == "\n" for c in said)
    assert "##vso[" not in said
    orders = [line for line in said.splitlines() if line.lstrip().startswith("::")]
    assert len(orders) == (form == "github")
    if form == "sarif":
        validate(said)
    if form == "junit":
        ET.fromstring(said)  # noqa: S314  # our own


@pytest.mark.parametrize("form", FINDINGS.forms)
@given(st.text(), st.text(), st.none() | st.text(), st.integers(1, 9))
def test_any_text_is_carried_by_every_format(
    form: str, file: str, message: str, help_: str | None, column: int
) -> None:
    place = Place(file, 1, column, 2, message)
    checked = Checked((file,), (), (Diagnostic("SZ103", message, place, help_),))
    said = FINDINGS.render(checked, form)
    assert all(c.isprintable() or c == "\n" for c in said)
    if form in {"json", "gitlab", "sarif"}:
        json.loads(said)
    if form == "junit":
        ET.fromstring(said)  # noqa: S314  # our own
    if form in {"concise", "github"}:
        assert said.count("\n") == 1
