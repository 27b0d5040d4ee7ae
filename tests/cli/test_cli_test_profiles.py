"""`sizer test` on candidates of profiles: estimated, by hand, chosen, waived."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sizer.cli import main

PROFILE = """\
dsl = 1
extends = "r.toml"
[[models]]
name = "Qwen/Qwen2.5-7B"
weights = ["bf16", "fp8"]
[fleet]
gpus = ["H100-SXM5-80GB", "L4"]
max_gpus_per_replica = 1
[select]
where = ["fits", "tp < 4"]
sort = "cost then itl_ms"
[[waiver]]
rule = "slo.pace"
match = "gpu == 'L4'"
reason = "the pilot"
owner = "platform"
expires = 2027-01-31
"""
RULES = """\
dsl = 1
[params]
max_itl_ms = 20
[[rule]]
id = "slo.pace"
require = "itl_ms < max_itl_ms"
"""
HAND = """
given = { fits = true, itl_ms = 10 }
candidates.a = { tp = 2, cost = 3 }
candidates.b = { tp = 1, cost = 3, itl_ms = 9 }
candidates.c = { tp = 4, cost = 1 }
"""
L4 = "L4 x1 fp8 kv=bf16 tp1 1024+256 c1"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("p.toml").write_text(PROFILE)
    Path("r.toml").write_text(RULES)
    return tmp_path


def run(body: str, capsys: Capture, name: str = "p") -> tuple[int, str]:
    Path(f"{name}.sizer-test.toml").write_text(f'dsl = 1\n[[case]]\nname = "one"\n{body}\n')
    code = main(["test", f"{name}.toml"])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.mark.parametrize(
    "body",
    [
        'expect.chosen = "H100-SXM5-80GB x1 fp8 kv=bf16 tp1 1024+256 c1"',
        'expect.chosen = "H100* fp8 *"\nexpect.passes = "slo.pace"\nexpect.survives = true',
        "today = 2027-01-31\nexpect.chosen = 'L4*'\nexpect.waived = 'slo.pace'",
        "today = 2027-02-01\nexpect.chosen = 'H100*'",
        "params.max_itl_ms = 200\nexpect.chosen = 'L4*'",
        "params.max_itl_ms = 1\nexpect.survives = false",
        f"candidate = '{L4}'\nexpect.fails = 'slo.pace'\nexpect.survives = false",
        f"candidate = '{L4}'\ntoday = 2027-01-01\nexpect.waived = 'slo.pace'",
        f"candidate = '{L4}'\ntoday = 2027-01-01\nexpect.survives = true",
        f"{HAND}expect.chosen = 'b'\nexpect.passes = 'slo.pace'\nexpect.survives = true",
        f"{HAND}params.max_itl_ms = 5\nexpect.survives = false",
    ],
)
def test_what_comes_of_a_profile_is_expected(body: str, capsys: Capture) -> None:
    code, said = run(body, capsys)
    assert "1 hold, 0 differ" in said, said
    assert code == 0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("expect.chosen = 'L4*'", "+ chosen: H100-SXM5-80GB x1 fp8"),
        ("params.max_itl_ms = 1\nexpect.chosen = 'L4*'", "+ chosen: (nothing survives)"),
        ("params.max_itl_ms = 1\nexpect.passes = 'slo.pace'", "+ slo.pace: (no candidate)"),
        ("params.max_itl_ms = 1\nexpect.survives = true", "+ survives: false"),
        ("today = 2027-01-01\nexpect.fails = 'slo.pace'", "+ slo.pace: waived"),
        ("candidate = 'L4 x1 fp9'\nexpect.survives = true", "+ candidate: (no candidate)"),
        (f"candidate = '{L4.replace('c1', 'c2')}'\nexpect.survives = true", f"mean '{L4}'?"),
        (f"{HAND}expect.chosen = 'c'", "+ chosen: b"),
    ],
)
def test_what_differs_is_told(body: str, told: str, capsys: Capture) -> None:
    code, said = run(body, capsys)
    assert told in said
    assert code == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("given.tp = 1\nmodel = 'x'\nexpect.survives = true", "model excludes metrics by hand"),
        ("given.tp = 1\nexpect.chosen = 'x'", "chosen needs several candidates"),
        (f"candidate = '{L4}'\nexpect.chosen = 'x'", "chosen is not asked of one candidate"),
        ("model = 'Qwen'\nexpect.survives = true", "the profile has no model 'Qwen'"),
        ("profile = 'none.toml'\nexpect.survives = true", "SZ501"),
        ("profile = '/etc/passwd'\nexpect.survives = true", "SZ503"),
        ("candidates.a.tpp = 1\nexpect.chosen = 'a'", "SZ602"),
        ("candidates.a = 1\nexpect.chosen = 'a'", "SZ101"),
    ],
)
def test_what_cannot_be_asked_is_refused(body: str, told: str, capsys: Capture) -> None:
    code, said = run(body, capsys)
    assert told in said
    assert code == 2


def test_one_of_several_models_is_named(capsys: Capture) -> None:
    more = '[[models]]\nname = "meta-llama/Llama-3.1-8B"\n[fleet]'
    Path("p.toml").write_text(PROFILE.replace("[fleet]", more))
    assert "missing key 'model'" in run("expect.survives = true", capsys)[1]
    named = "model = 'meta-llama/Llama-3.1-8B'\nexpect.chosen = 'H100*'"
    assert run(named, capsys)[0] == 0


def test_rules_are_tried_in_a_profile_that_takes_them(capsys: Capture) -> None:
    code, said = run("profile = 'p.toml'\nexpect.passes = 'slo.pace'", capsys, "r")
    assert code == 0
    assert "coverage 50 % (2 of 4)" in said


@pytest.mark.parametrize("body", ["expect.passes = 'slo.pace'", HAND + "expect.chosen = 'b'"])
def test_rules_alone_are_not_estimated_or_ranked(body: str, capsys: Capture) -> None:
    code, said = run(body, capsys, "r")
    assert "error[SZ104]" in said
    assert code == 2


def test_several_files_show_the_same_rules_together(capsys: Capture) -> None:
    for name, itl, end in (("r", 10, "passes"), ("more", 30, "fails")):
        Path(f"{name}.sizer-test.toml").write_text(
            f'dsl = 1\nrules = "r.toml"\n[[case]]\nname = "{name}"\n'
            f'given.itl_ms = {itl}\nexpect.{end} = "slo.pace"\n'
        )
    assert main(["test", "--min-coverage", "100"]) == 0
    assert (
        "2 cases for 1 file: 2 hold, 0 differ; coverage 100 % (4 of 4)" in capsys.readouterr().out
    )


def test_junit_has_every_case_and_the_coverage(capsys: Capture) -> None:
    Path("r.sizer-test.toml").write_text(
        'dsl = 1\n[[case]]\nname = "a & b"\ngiven.itl_ms = 30\nexpect.passes = "slo.pace"\n'
        '[[case]]\nname = "fine"\ngiven.itl_ms = 10\nexpect.passes = "slo.pace"\n'
    )
    assert main(["test", "r.toml", "--junit", "out.xml", "--min-coverage", "100"]) == 1
    assert "a & b" in capsys.readouterr().out
    root = ET.parse("out.xml").getroot()  # noqa: S314  # our own
    assert root.attrib == {"name": "sizer test", "tests": "3", "failures": "1", "errors": "0"}
    first, second, coverage = root.iter("testcase")
    failure = first.find("failure")
    assert first.get("name") == "a & b"
    assert failure is not None
    assert failure.text
    assert failure.text.split("\n") == [
        "r.sizer-test.toml:3",
        "- slo.pace: passes",
        "+ slo.pace: fails",
        "  `itl_ms < max_itl_ms` is false: 30 against 20",
    ]
    assert second.find("*") is None
    assert coverage.get("name") == "coverage"
    assert coverage.find("failure") is None


def test_junit_fails_where_too_little_is_shown() -> None:
    Path("r.sizer-test.toml").write_text(
        'dsl = 1\n[[case]]\nname = "fine"\ngiven.itl_ms = 10\nexpect.passes = "slo.pace"\n'
    )
    assert main(["test", "r.toml", "--junit", "out.xml", "--min-coverage", "60"]) == 1
    failures = list(ET.parse("out.xml").getroot().iter("failure"))  # noqa: S314  # our own
    assert [each.get("message") for each in failures] == [
        "1 case for 1 file: 1 hold, 0 differ; coverage 50 % (2 of 4)"
    ]
    assert "r.toml:6:12: warning[SZ604]" in (failures[0].text or "")
