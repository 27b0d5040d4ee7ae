"""What is at fault silences only what depends on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sizer.diagnostic import Problem
from sizer.load import Selection, check, load_document
from sizer.load.rules.waiver_day import Waiving
from sizer.structure.toml.document import parse_document

BROKEN = "[[rule]]\nid = 'broken'\nrequire = 'tpp < 4'\n"
QUESTION = 'models = [{name = "Qwen/Qwen2.5-7B"}]\nfleet.gpus = ["H100-SXM5-80GB", "L4"]\n'


def rule(name: str, **keys: str) -> str:
    return f"[[rule]]\nid = '{name}'\n" + "".join(f"{key} = {keys[key]}\n" for key in keys)


def codes(folder: Path, *rules: str, head: str = "") -> list[str]:
    path = folder / "p.toml"
    path.write_text(f"dsl = 1\n{head}{QUESTION}{''.join(rules)}")
    return [each.code for each in check([path]).found]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (rule("a", require="'tp < 1'"), "SZ206"),
        (rule("a", require="'itl_ms < 9'", when="'tp < 1'"), "SZ207"),
        (rule("a", require="'itl_ms < 9'") + rule("b", require="'itl_ms > 9'"), "SZ208"),
        (rule("a", require="'itl_ms < 9'") + rule("b", require="'itl_ms < 10'"), "SZ209"),
        (rule("a", require="'gpu != \"L41\"'"), "SZ210"),
        (rule("a", require="'gpu != \"L4\"'"), "SZ211"),
    ],
)
def test_an_error_elsewhere_hides_nothing(rules: str, told: str, tmp_path: Path) -> None:
    assert codes(tmp_path, rules) == [told]
    assert sorted(codes(tmp_path, rules, BROKEN)) == ["SZ202", told]
    assert sorted(codes(tmp_path, rules, head="a = 1\n")) == ["SZ103", told]
    assert sorted(codes(tmp_path, rules, head="select.sort = 'csot'\n")) == ["SZ202", told]


def test_a_broken_text_does_not_hide_the_other_of_its_rule(tmp_path: Path) -> None:
    assert codes(tmp_path, rule("a", require="'tp < 1'", when="'tpp < 1'")) == ["SZ206", "SZ202"]
    assert codes(tmp_path, rule("a", require="'tpp < 1'", when="'tp < 1'")) == ["SZ202", "SZ207"]
    assert codes(tmp_path, rule("a", require="'tpp < 1'", when="'gpu == \"L5\"'")) == [
        "SZ202",
        "SZ210",
    ]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (rule("b", require="'itl_ms > 9'", when="'tpp < 1'"), "SZ202"),
        (rule("b", require="'itl_ms > 9'", when="3"), "SZ101"),
        (rule("b", require="'itl_ms > 9'", when="''"), "SZ104"),
        (rule("b", require="'itl_ms > 9'", level="'eror'"), "SZ104"),
        (rule("b", require="3"), "SZ101"),
        (rule("b", require="''"), "SZ104"),
        (rule("b", require="'itl_ms > 9'") + "[levels]\nb = 'inof'\n", "SZ104"),
        (rule("b", require="'itl_ms > 9'") + "[levels]\na = 'inof'\n", "SZ104"),
        (rule("b", require="'gpu != \"L4\"'", when="'tpp < 1'"), "SZ202"),
        (rule("b", require="'gpu != \"L4\"'", level="'eror'"), "SZ104"),
    ],
)
def test_what_depends_on_a_fault_is_not_guessed(other: str, told: str, tmp_path: Path) -> None:
    assert codes(tmp_path, rule("a", require="'itl_ms < 9'"), other) == [told]
    assert codes(tmp_path, other, rule("a", require="'itl_ms < 9'")) == [told]


def test_a_stand_in_repeats_no_rule(tmp_path: Path) -> None:
    fits = rule("a", require="'fits'")
    assert codes(tmp_path, fits, head="select.where = [3, 'fits']\n") == ["SZ101", "SZ209"]
    assert codes(tmp_path, fits, head="select.where = 3\n") == ["SZ101"]
    assert codes(tmp_path, fits, head="select = 3\n") == ["SZ101"]


def test_rules_that_are_not_selected_contradict_nobody() -> None:
    rules = rule("a", require="'itl_ms < 9'") + rule("b", require="'itl_ms > 9'")
    document = parse_document(f"dsl = 1\n{QUESTION}{BROKEN}{rules}", "p.toml")
    for ignored, told in ((), ["SZ202", "SZ208"]), (("b",), ["SZ202"]):
        with pytest.raises(Problem) as caught:
            load_document(document, Path(), Selection(ignore=ignored))
        assert [each.code for each in caught.value.diagnostics] == told


def test_waivers_expire_whatever_else_is_wrong(tmp_path: Path) -> None:
    waiver = "match = 'tpp > 1'\nreason = 'a pilot'\nowner = 'us'\nexpires = 2020-01-31\n"
    rules = rule("a", require="'itl_ms < 9'") + f"[[waiver]]\nrule = 'a'\n{waiver}"
    assert codes(tmp_path, rules) == ["SZ202", "SZ402"]
    assert codes(tmp_path, rules.replace("reason", "raeson")) == ["SZ202", "SZ103", "SZ402"]
    assert codes(tmp_path, rules.replace("owner", "onwer")) == ["SZ202", "SZ103"]
    assert codes(tmp_path, rules.replace("2020-01-31", "'2020-01-31'")) == ["SZ202", "SZ101"]
    path = tmp_path / "p.toml"
    assert check([path], waiving=Waiving(date(2020, 1, 31))).today == "2020-01-31"
