"""Answers as findings: what is broken, by its rule; what is waived, which fails nothing."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from reports_by_hand import HOSTILE, answered, choice, refused
from test_findings import validate

from sizer.render import GATES, render
from sizer.render.findings.verdicts import verdicts
from sizer.schema.report import Finding, Report

WAIVED = Finding("slo.pace", "error", "fails", "80 ms a token", "ops, until 2027-01-31: a pilot")


def report() -> Report:
    kept = answered()
    assert kept.chosen
    chosen = evolve(kept.chosen, findings=(*kept.chosen.findings, WAIVED))
    return Report((evolve(kept, chosen=chosen), refused()), "cost", profile="profiles/p.toml")


def test_each_rule_that_a_choice_breaks_and_each_model_without_one_is_a_finding() -> None:
    checked = verdicts(report())
    assert [(each.code, each.severity, checked.fails(each)) for each in checked.found] == [
        ("budget.soft", "warning", False),
        ("power.known", "info", False),
        ("slo.pace", "error", False),
        ("SZ304", "error", True),
    ]
    assert checked.found[1].message.endswith("tdp_w <= 700 (unknown)")
    assert "itl_ms < 10" in (checked.found[3].help or "")
    assert {each.place.file for each in checked.found if each.place} == {"profiles/p.toml"}


def test_sarif_suppresses_what_is_waived() -> None:
    (run,) = validate(render(report(), "sarif"))["runs"]
    by_rule = {each["ruleId"]: each["suppressions"] for each in run["results"]}
    assert by_rule.pop("slo.pace") == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "ops, until 2027-01-31: a pilot",
        }
    ]
    assert set(map(tuple, by_rule.values())) == {()}
    assert {each["id"] for each in run["tool"]["driver"]["rules"]} == {*by_rule, "slo.pace"}


def test_the_others_show_a_waiver_and_do_not_fail_by_it() -> None:
    root = ET.fromstring(render(report(), "junit"))  # noqa: S314  # our own
    assert (root.get("failures"), len(root.findall(".//skipped"))) == ("1", 1)
    said = render(report(), "github")
    assert "::notice title=sizer slo.pace,file=profiles/p.toml::" in said
    assert "%0Awaived by: ops, until 2027-01-31: a pilot" in said
    issues = {each["check_name"]: each for each in json.loads(render(report(), "gitlab"))}
    assert issues["slo.pace"]["severity"] == "info"
    assert issues["SZ304"]["severity"] == "major"


@pytest.mark.parametrize("form", GATES)
def test_hostile_names_order_nothing(form: str) -> None:
    bad = Finding(HOSTILE, "error", "fails", f"\n::error::{HOSTILE}", HOSTILE)
    answer = evolve(answered(), model=HOSTILE, chosen=choice(findings=(bad,)))
    said = render(Report((answer, refused(HOSTILE)), "cost", profile=HOSTILE), form)
    assert all(c.isprintable() or c == "\n" for c in said)
    lines = [line for line in said.splitlines() if line.lstrip().startswith("::")]
    assert len(lines) == (2 if form == "github" else 0)
