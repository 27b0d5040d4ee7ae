"""`sizer test`, as users run it."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sizer.cli import main

RULES = """\
dsl = 1
[[rule]]
id = "slo.pace"
when = "params_b >= 7"
require = "itl_ms <= 50 and fits"
message = "{gpu}: {itl_ms:.0f} ms"
"""
WHOLE = """\
dsl = 1
[[case]]
name = "quick"
given = { itl_ms = 50, fits = true, params_b = 7 }
expect.passes = "slo.pace"
[[case]]
name = "slow"
given = { itl_ms = 60, fits = true, params_b = 8, gpu = "L4" }
expect.fails = "slo.pace"
expect.messages."slo.pace" = "L4: 60 ms"
[[case]]
name = "large"
given = { itl_ms = 10, fits = false, params_b = 8 }
expect.fails = "slo.pace"
[[case]]
name = "small"
given = { itl_ms = 60, fits = true, params_b = 1 }
expect.not_applicable = "slo.pace"
"""
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("r.toml").write_text(RULES)
    Path("r.sizer-test.toml").write_text(WHOLE)
    return tmp_path


def change(before: str, after: str) -> None:
    path = Path("r.sizer-test.toml")
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


@pytest.mark.usefixtures("folder")
def test_cases_that_hold_are_counted(capsys: Capture) -> None:
    assert main(["test", "--min-coverage", "100"]) == 0
    out = "4 cases for 1 file: 4 hold, 0 differ; coverage 100 % (8 of 8)\n"
    assert capsys.readouterr().out == out


@pytest.mark.usefixtures("folder")
def test_what_differs_is_shown_with_the_reason(capsys: Capture) -> None:
    change('expect.fails = "slo.pace"\nexpect.messages', 'expect.passes = "slo.pace"\n#')
    assert main(["test", "r.toml"]) == 1
    assert (
        capsys.readouterr().out
        == """\
r.sizer-test.toml:7:8: error[SZ603]: case 'slow' does not hold
    7 | name = "slow"
      |        ^^^^^^
      - slo.pace: passes
      + slo.pace: fails
        `itl_ms <= 50` is false: 60 against 50, `fits` is true
4 cases for 1 file: 3 hold, 1 differ; coverage 100 % (8 of 8)
"""
    )


@pytest.mark.usefixtures("folder")
def test_a_message_that_differs_is_shown(capsys: Capture) -> None:
    change("L4: 60 ms", "L4: 61 ms")
    assert main(["test", "r.toml"]) == 1
    out = capsys.readouterr().out
    assert "- message of slo.pace: L4: 61 ms\n      + message of slo.pace: L4: 60 ms\n" in out


@pytest.mark.usefixtures("folder")
def test_a_message_of_a_rule_that_passes_is_none(capsys: Capture) -> None:
    change("itl_ms = 60, fits = true, params_b = 8", "itl_ms = 40, fits = true, params_b = 8")
    assert main(["test", "r.toml"]) == 1
    assert "+ message of slo.pace: (nothing: passes)" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_a_candidate_that_should_survive_names_what_removes_it(capsys: Capture) -> None:
    change('[[case]]\nname = "small"', 'expect.survives = true\n[[case]]\nname = "small"')
    assert main(["test", "r.toml"]) == 1
    told = "- survives: true\n      + survives: false\n        removed by slo.pace\n"
    assert told in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_what_no_case_shows_is_told_at_its_place_though_a_case_fails(capsys: Capture) -> None:
    change('name = "large"\ngiven = { itl_ms = 10,', 'name = "large"\ngiven = { itl_ms = 70,')
    change("L4: 60 ms", "L4: 61 ms")
    assert main(["test", "r.toml"]) == 1
    out = capsys.readouterr().out
    assert "r.toml:5:29: warning[SZ604]: no case shows 'fits' false\n" in out
    assert out.endswith("4 cases for 1 file: 3 hold, 1 differ; coverage 87.5 % (7 of 8)\n")


@pytest.mark.parametrize(
    ("least", "code", "severity"), [("87.5", 0, "warning"), ("87.6", 1, "error")]
)
@pytest.mark.usefixtures("folder")
def test_coverage_below_the_least_fails(
    least: str, code: int, severity: str, capsys: Capture
) -> None:
    change('name = "large"\ngiven = { itl_ms = 10,', 'name = "large"\ngiven = { itl_ms = 70,')
    assert main(["test", "--min-coverage", least]) == code
    assert f"{severity}[SZ604]" in capsys.readouterr().out


def test_a_rule_file_without_a_test_counts(folder: Path, capsys: Capture) -> None:
    (folder / "s.toml").write_text(RULES.replace("slo.pace", "slo.other"))
    assert main(["test", "--min-coverage", "51"]) == 1
    out = capsys.readouterr().out
    assert "s.toml:3:6: error[SZ604]: no case expects that 'slo.other' passes or fails" in out
    assert "coverage 50 % (8 of 16)" in out


def test_what_is_excluded_is_neither_tried_nor_missed(folder: Path, capsys: Capture) -> None:
    (folder / "broken").mkdir()
    (folder / "broken" / "b.sizer-test.toml").write_text("dsl = 1\n")
    (folder / "s.toml").write_text(RULES.replace("slo.pace", "slo.other"))
    assert main(["test"]) == 2
    assert main(["test", "--exclude", "broken", "--exclude", "s.toml"]) == 0
    assert "4 cases for 1 file" in capsys.readouterr().out


def test_a_profile_is_tested_with_its_conditions(folder: Path, capsys: Capture) -> None:
    (folder / "p.toml").write_text(
        'dsl = 1\nextends = "r.toml"\nmodels = [{name = "Qwen/Qwen2.5-7B"}]\n'
        'fleet.gpus = "L4"\nselect.where = ["fits", "itl_ms < 20"]\n'
    )
    (folder / "p.sizer-test.toml").write_text(
        'dsl = 1\n[[case]]\nname = "a"\ngiven = { fits = true, itl_ms = 30, params_b = 7 }\n'
        'expect.passes = "slo.pace"\nexpect.survives = false\n'
    )
    assert main(["test", "p.toml"]) == 0
    assert "coverage 25 % (1 of 4)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["none.toml"], ["--min-coverage", "101"], ["--min-coverage", "nan"], ["--min-coverage", "x"]],
)
@pytest.mark.usefixtures("folder")
def test_a_wrong_use_is_a_bad_question(arguments: list[str], capsys: Capture) -> None:
    assert main(["test", *arguments]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("folder")
def test_a_broken_test_is_a_bad_question(capsys: Capture) -> None:
    change('"slo.pace"', '"slo.pase"')
    assert main(["test"]) == 2
    assert capsys.readouterr().err.count("error[SZ601]") == 5


def test_an_update_expects_what_came(folder: Path, capsys: Capture) -> None:
    path = folder / "r.sizer-test.toml"
    before = path.read_text()
    change(
        "given = { itl_ms = 60, fits = true, params_b = 8,", "given = { itl_ms = 70, params_b = 8,"
    )
    change('expect.not_applicable = "slo.pace"', "expect.passes = 'slo.pace'   # or so")
    assert main(["test", "--update", "--min-coverage", "100"]) == 0
    captured = capsys.readouterr()
    assert captured.err == "r.sizer-test.toml: slow, small\n"
    assert captured.out.endswith("4 hold, 0 differ; coverage 100 % (8 of 8)\n")
    assert path.read_text() == before.replace(
        "given = { itl_ms = 60, fits = true, params_b = 8,", "given = { itl_ms = 70, params_b = 8,"
    ).replace("L4: 60 ms", "L4: 70 ms").replace(
        'expect.not_applicable = "slo.pace"', 'expect.not_applicable = ["slo.pace"]'
    )


@pytest.mark.usefixtures("folder")
def test_an_update_of_what_holds_writes_nothing() -> None:
    path = Path("r.sizer-test.toml")
    path.chmod(0o400)
    before = path.stat()
    assert main(["test", "--update"]) == 0
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_an_update_keeps_line_ends_and_mark(
    folder: Path, mark: bytes, end: bytes, capsys: Capture
) -> None:
    path = folder / "r.sizer-test.toml"
    change("L4: 60 ms", "L4: 61 ms")
    before = mark + path.read_bytes().replace(b"\n", end)
    path.write_bytes(before)
    assert main(["test", "--update"]) == 0
    assert capsys.readouterr().err == "r.sizer-test.toml: slow\n"
    assert path.read_bytes() == before.replace(b"61 ms", b"60 ms")


@pytest.mark.skipif(os.name != "posix", reason="names of files with control characters")
def test_hostile_names_steer_no_output(folder: Path, capsys: Capture) -> None:
    name = "a\x1b[31m]]><x\n::error::y"
    (folder / "r.toml").rename(folder / f"{name}.toml")
    text = WHOLE.replace('"slow"', '"slow]]>&::error::"').replace("L4: 60 ms", "##vso[x]")
    (folder / f"{name}.sizer-test.toml").write_text(text)
    (folder / "r.sizer-test.toml").unlink()
    assert main(["test", "--junit", "j.xml"]) == 1
    assert main(["test", "--update"]) == 0
    assert main(["fmt", "--diff", "."]) == 1
    captured = capsys.readouterr()
    report = Path("j.xml").read_text()
    assert len(ET.fromstring(report).findall(".//failure")) == 1  # noqa: S314  # our own
    for said in (captured.out, captured.err, report):
        assert all(c.isprintable() or c == "\n" for c in said)
        assert not [line for line in said.splitlines() if line.lstrip().startswith("::")]
        assert "##vso[" not in said


def test_an_update_that_cannot_be_is_refused(folder: Path, capsys: Capture) -> None:
    path = folder / "r.sizer-test.toml"
    text = 'dsl = 1\ncase = [{ name = "a", given.itl_ms = 1, expect.passes = "slo.pace" }]\n'
    path.write_text(text)
    assert main(["test", "--update"]) == 2
    assert "error[SZ005]" in capsys.readouterr().err
    assert path.read_text() == text


BROKEN = """dsl = 1
[[rule]]
id = "pace"
require = "ttft_m < 3"
"""
BESIDE = """dsl = 1
[[case]]
name = "a"
given = { ttft_ms = 3, latencyms = 2 }
expect.passes = ["pase"]
"""


def test_faults_of_rules_hide_none_of_their_tests(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "r.sizer-test.toml").write_text(BESIDE)
    (tmp_path / "r.toml").write_text(BROKEN)
    assert main(["test", str(tmp_path)]) == 2
    shown = capsys.readouterr()
    said = shown.out + shown.err
    for each in ("error[SZ602]: unknown metric 'latencyms'", "error[SZ202]", "error[SZ601]"):
        assert each in said
    (tmp_path / "r.toml").write_text(BROKEN + '[metrics]\nlatencyms = "ttft_ms * 2"\n')
    main(["test", str(tmp_path)])
    shown = capsys.readouterr()
    said = shown.out + shown.err
    assert "latencyms" not in said
    assert "error[SZ601]" in said
