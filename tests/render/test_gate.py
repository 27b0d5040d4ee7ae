"""Answers as findings: what is broken, by its rule; what is waived, which fails nothing."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from reports_by_hand import HOSTILE, answered, choice, refused
from test_findings import validate

from sizer.diagnostic import Place, position
from sizer.render.forms import GATES
from sizer.render.report.gate import gate
from sizer.render.report.verdicts import verdicts
from sizer.schema.answered.report import Finding, Report, WaivedBy

BY = WaivedBy("ops", "2027-01-31", "a pilot")
WAIVED = Finding("slo.pace", "error", "fails", "80 ms a token", BY)


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


def placed() -> Report:
    places = {
        "slo.pace": Place("rules/slo.toml", 9, 3, 11, "  itl_ms <= 5"),
        "budget.soft": Place("pack:cost-guardrails", 18, 12, 5, 'require = "cost"'),
        "itl_ms < 10": Place("profiles/p.toml", 20, 10, 11, 'where = ["itl_ms < 10"]'),
    }
    models = {"acme/one-7B": Place("profiles/p.toml", 6, 8, 13, 'name = "acme/one-7B"')}
    return evolve(report(), rule_places=places, model_places=models)


def test_a_finding_stands_at_its_rule_and_names_who_asked() -> None:
    found = {each.code: each for each in verdicts(placed()).found}
    stands = {code: position(each.place) for code, each in found.items() if each.place}
    assert stands == {
        "slo.pace": "rules/slo.toml:9:3",
        "budget.soft": "profiles/p.toml:6:8",  # a pack is no file of the repository
        "power.known": "profiles/p.toml:6:8",
        "SZ304": "profiles/p.toml",
    }
    also = {code: [(r.what, position(r.place)) for r in f.related] for code, f in found.items()}
    assert also == {
        "slo.pace": [("asked for", "profiles/p.toml:6:8")],
        "budget.soft": [("rule budget.soft", "pack:cost-guardrails:18:12")],
        "power.known": [],
        "SZ304": [("condition itl_ms < 10", "profiles/p.toml:20:10")],
    }


def test_each_format_carries_both_places() -> None:
    (run,) = validate(gate(placed(), "sarif"))["runs"]
    (pace,) = [each for each in run["results"] if each["ruleId"] == "slo.pace"]
    where = pace["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "rules/slo.toml"
    assert where["region"]["startLine"] == 9
    (also,) = pace["relatedLocations"]
    assert also["physicalLocation"]["region"]["startLine"] == 6
    assert also["message"]["text"] == "asked for"
    github = gate(placed(), "github")
    assert "file=rules/slo.toml,line=9,endLine=9,col=3,endColumn=14::" in github
    assert "%0Aasked for: profiles/p.toml:6:8" in github
    issues = {each["check_name"]: each for each in json.loads(gate(placed(), "gitlab"))}
    assert issues["slo.pace"]["location"]["path"] == "rules/slo.toml"
    assert "asked for: profiles/p.toml:6:8" in issues["slo.pace"]["description"]
    root = ET.fromstring(gate(placed(), "junit"))  # noqa: S314  # our own
    assert {each.get("name") for each in root} == {"profiles/p.toml", "rules/slo.toml"}


def marks(report: Report) -> dict[tuple[str, str], str]:
    issues = json.loads(gate(report, "gitlab"))
    (run,) = json.loads(gate(report, "sarif"))["runs"]
    sarif = [each["partialFingerprints"]["sizer/v1"] for each in run["results"]]
    assert [each["fingerprint"] for each in issues] == sarif
    names = [(each["check_name"], each["description"].split(":")[1]) for each in issues]
    assert len(set(sarif)) == len(names) == len(set(names))
    return dict(zip(names, sarif, strict=True))


def test_a_finding_is_the_same_one_whatever_the_figures_and_lines() -> None:
    before = placed()
    answer, none = before.answers
    assert answer.chosen
    later = {
        name: evolve(place, line=place.line + 7, excerpt="# edited")
        for name, place in before.rule_places.items()
        if place.line
    }
    estimated = tuple(evolve(each, message="9 ms now") for each in answer.chosen.findings)
    chosen = evolve(answer.chosen, candidate="another", findings=estimated)
    answers = (evolve(answer, chosen=chosen), evolve(none, candidates=8, near_miss=None))
    assert marks(evolve(before, answers=answers, rule_places=later)) == marks(before)


def test_a_finding_of_another_model_or_profile_is_another() -> None:
    before = placed()
    models = tuple(evolve(each, model=f"{each.model}-v2") for each in before.answers)
    known = set(marks(before).values())
    assert known.isdisjoint(marks(evolve(before, answers=models)).values())
    assert known.isdisjoint(marks(evolve(before, profile="profiles/q.toml")).values())


def test_junit_tells_two_models_of_one_rule_apart() -> None:
    twice = evolve(placed(), answers=(placed().answers[0], placed().answers[0]))
    root = ET.fromstring(gate(twice, "junit"))  # noqa: S314  # our own
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names)) == 6


def test_sarif_suppresses_what_is_waived() -> None:
    (run,) = validate(gate(report(), "sarif"))["runs"]
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


def test_sarif_and_junit_name_the_day_of_waivers() -> None:
    asked = evolve(report(), today="2026-06-01")
    (run,) = validate(gate(asked, "sarif"))["runs"]
    assert run["properties"] == {"today": "2026-06-01"}
    root = ET.fromstring(gate(asked, "junit"))  # noqa: S314  # our own
    (day,) = root.findall("testsuite/properties/property")
    assert day.attrib == {"name": "today", "value": "2026-06-01"}
    assert "properties" not in validate(gate(report(), "sarif"))["runs"][0]


def test_the_others_show_a_waiver_and_do_not_fail_by_it() -> None:
    root = ET.fromstring(gate(report(), "junit"))  # noqa: S314  # our own
    assert (root.get("failures"), len(root.findall(".//skipped"))) == ("1", 1)
    said = gate(report(), "github")
    assert "::notice title=sizer slo.pace,file=profiles/p.toml::" in said
    assert "%0Awaived by: ops, until 2027-01-31: a pilot" in said
    issues = {each["check_name"]: each for each in json.loads(gate(report(), "gitlab"))}
    assert issues["slo.pace"]["severity"] == "info"
    assert issues["SZ304"]["severity"] == "major"


@pytest.mark.parametrize("form", GATES)
def test_hostile_names_order_nothing(form: str) -> None:
    bad = Finding(HOSTILE, "error", "fails", f"\n::error::{HOSTILE}", WaivedBy(*[HOSTILE] * 4))
    answer = evolve(answered(), model=HOSTILE, chosen=choice(findings=(bad,)))
    said = gate(Report((answer, refused(HOSTILE)), "cost", profile=HOSTILE), form)
    assert all(c.isprintable() or c == "\n" for c in said)
    lines = [line for line in said.splitlines() if line.lstrip().startswith("::")]
    assert len(lines) == (2 if form == "github" else 0)
