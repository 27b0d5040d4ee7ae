from __future__ import annotations

from pathlib import Path

import pytest
from faults import excerpt, faults

from sizer.diagnostic import Problem
from sizer.expr.evaluate.rows import evaluate_row
from sizer.load import check
from sizer.load.cases.cases import Cases, load_cases
from sizer.load.cases.suites import suites, untested

RULES = """\
dsl = 1
[params]
most = 4
[[rule]]
id = "slo.split"
require = "tp <= most"
when = "pp > 1"
"""
CASES = """\
dsl = 1
{head}
[[case]]
name = "one"
given = {{ {given} }}
{tail}
"""


@pytest.fixture
def folder(folder: Path) -> Path:
    (folder / "r.toml").write_text(RULES)
    return folder


def write(
    folder: Path, tail: str = "expect.passes = 'slo.split'", given: str = "pp = 2", head: str = ""
) -> Path:
    path = folder / "r.sizer-test.toml"
    path.write_text(CASES.format(tail=tail, given=given, head=head))
    return path


def loaded(folder: Path, *parts: str) -> Cases:
    return load_cases(write(folder, *parts))


def test_a_case_has_a_row_by_canonical_names(folder: Path) -> None:
    given = 'latency_ms = 4, gpu = "L4", fits = true, cost = "unknown", vendor = "unknown"'
    (tried,) = loaded(folder, "expect.passes = 'slo.split'", given).tried
    row = {"itl_ms": 4.0, "gpu": "L4", "fits": True, "cost_usd_per_hour": None, "vendor": None}
    assert tried.rows == {"": row}


def test_parameters_are_set_for_one_case(folder: Path) -> None:
    text = write(folder).read_text() + "[[case]]\nname = 'two'\ngiven.tp = 1\nparams.most = 8\n"
    path = folder / "r.sizer-test.toml"
    path.write_text(text + "expect.passes = 'slo.split'\n")
    first, second = load_cases(path).tried
    requires = [each.rules.policy.rules[0].require for each in (first, second)]
    assert [evaluate_row(each, {"tp": 6.0}) for each in requires] == [False, True]


@pytest.mark.parametrize(
    ("tail", "given", "code", "marked"),
    [
        ("expect.fails = ['slo.splt']", "", "SZ601", "'slo.splt'"),
        ("expect.messages = {x = 'a'}", "", "SZ601", "x"),
        ("expect.passes = 'slo.split'", "itlms = 1", "SZ602", "itlms"),
        ("expect.passes = 'slo.split'", "itl_ms = 'fast'", "SZ101", "'fast'"),
        ("expect.passes = 'slo.split'", "fits = 1", "SZ101", "1"),
        ("expect.passes = 'slo.split'", "gpu = true", "SZ101", "true"),
        ("expect.passes = 'slo.split'", "tp = true", "SZ101", "true"),
        ("expect.passes = 'slo.split'", "tp = [1]", "SZ101", "[1]"),
        ("expect.passes = 'slo.split'", "weights = 'pf8'", "SZ104", "'pf8'"),
        ("expect.passes = 'slo.split'", "itl_ms = 1, latency_ms = 1", "SZ104", "1"),
        ("expect = {}", "", "SZ104", "expect"),
        ("", "", "SZ102", "case"),
        ("expect.pases = 'slo.split'", "", "SZ103", "pases"),
        ("expect.passes = 'slo.split'\nexpect.fails = 'slo.split'", "", "SZ104", "'slo.split'"),
        ("expect.passes = ['slo.split', 'slo.split']", "", "SZ104", "'slo.split'"),
        (
            "expect.passes = 'slo.split'\nexpect.messages.'slo.split' = 'a'",
            "",
            "SZ104",
            "'slo.split'",
        ),
        ("expect.passes = 'slo.split'\nparams.mots = 3", "", "SZ506", "mots"),
        ("expect.passes = 'slo.split'\nparams.most = 'x'", "", "SZ101", "'x'"),
    ],
)
def test_a_fault_is_found_at_its_place(
    folder: Path, tail: str, given: str, code: str, marked: str
) -> None:
    found = faults(write(folder, tail, given), load_cases)
    assert (code, marked) in [(each.code, excerpt(each)) for each in found]


def test_all_faults_are_told_at_once(folder: Path) -> None:
    found = faults(write(folder, "expect.fails = ['a', 'b']\nparams.c = 3", "d = 1"), load_cases)
    assert [each.code for each in found] == ["SZ602", "SZ601", "SZ601", "SZ506"]


def test_no_case_is_a_fault(folder: Path) -> None:
    path = folder / "r.sizer-test.toml"
    path.write_text("dsl = 1\n")
    assert [each.code for each in faults(path, load_cases)] == ["SZ102"]


def test_two_cases_of_one_name_are_a_fault(folder: Path) -> None:
    path = write(folder)
    path.write_text(path.read_text() + path.read_text().removeprefix("dsl = 1\n"))
    assert [(each.code, excerpt(each)) for each in faults(path, load_cases)] == [("SZ104", '"one"')]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ('rules = "none.toml"', "SZ501"),
        ('rules = "pack:none"', "SZ501"),
        ('rules = "/etc/passwd"', "SZ503"),
        ('rules = "../../r.toml"', "SZ503"),
        ('rules = "r.sizer-test.toml"', "SZ502"),
    ],
)
def test_the_file_under_test_is_one_that_may_be_extended(
    folder: Path, head: str, code: str
) -> None:
    assert [each.code for each in faults(write(folder, head=head), load_cases)] == [code]


def test_a_pack_is_tested_by_name(folder: Path) -> None:
    cases = loaded(folder, "expect.passes = 'slo.pace'", "itl_ms = 1", 'rules = "pack:latency-slo"')
    assert cases.target.file == "pack:latency-slo"


def test_a_profile_is_tested_like_a_rule_file(folder: Path) -> None:
    profile = 'dsl = 1\nextends = "r.toml"\nmodels = [{name = "Qwen/Qwen2.5-7B"}]\n'
    (folder / "p.toml").write_text(profile + 'fleet.gpus = "L4"\n')
    cases = loaded(folder, "expect.survives = true", "fits = true", 'rules = "p.toml"')
    assert [each.text for each in cases.rules.policy.where] == ["fits", "not overloaded"]


def test_a_fault_of_the_rules_is_told_with_those_of_the_tests(folder: Path) -> None:
    (folder / "r.toml").write_text(RULES.replace("tp <=", "pt <="))
    assert [each.code for each in faults(write(folder, "expect = {}"), load_cases)] == [
        "SZ104",
        "SZ202",
    ]


def test_checking_reads_tests_too(folder: Path) -> None:
    assert check([write(folder)]).found == ()
    assert [each.code for each in check([write(folder, "expect = {}")]).found] == ["SZ104"]


@pytest.mark.parametrize("head", ["", 'rules = "r.toml"'])
def test_checking_rules_checks_their_tests(folder: Path, head: str) -> None:
    path = write(folder, "expect.passes = 'slo.splt'", head=head)
    checked = check([folder / "r.toml"])
    assert checked.dependents == (str(path),)
    assert [each.code for each in checked.found] == ["SZ601"]


def test_tests_are_found_by_file_by_rule_file_and_in_folders(folder: Path) -> None:
    path = write(folder)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.sizer-test.toml").touch()
    assert suites([path]) == suites([folder / "r.toml"]) == suites([folder]) == [path]
    assert suites([path, folder]) == [path]


@pytest.mark.parametrize("name", ["none.toml", "none", ".", "r.toml"])
def test_a_path_without_a_test_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(Problem) as caught:
        suites([folder / name])
    assert [each.code for each in caught.value.diagnostics] == ["SZ605"]


def test_rule_files_beside_tests_are_tested_too(folder: Path) -> None:
    path = write(folder)
    (folder / "other.toml").write_text(RULES)
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "other.toml").write_text(RULES)
    (folder / "pyproject.toml").write_text("[tool.x]\n")
    (found,) = untested([folder], [load_cases(path)])
    assert found.target.file == str(folder / "other.toml")
    assert untested([path], [load_cases(path)]) == []
