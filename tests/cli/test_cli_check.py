"""`sizer check`: formats, levels, standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import GOOD, ROOT, sizer

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
WARNED = GOOD.replace("dsl = 1", "dsl = 1\nextends = []")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "warned.toml").write_text(WARNED)
    (tmp_path / "bad.toml").write_text(GOOD.replace("gpus", "gpsu"))
    return tmp_path


@pytest.mark.parametrize(
    ("file", "level", "code"),
    [
        ("good", "info", 0),
        ("warned", "error", 0),
        ("warned", "warning", 1),
        ("warned", "info", 1),
        ("bad", "error", 2),
        ("bad", "warning", 2),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_fail_level_decides(file: str, level: str, code: int) -> None:
    assert main(["check", f"{file}.toml", "--fail-level", level]) == code


def test_several_formats_at_once_each_to_its_own_file(folder: Path, capsys: Capture) -> None:
    forms = ["--format", "concise", "--format", "sarif:out.sarif", "--format", "junit:out.xml"]
    assert main(["check", ".", *forms]) == 2
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0].startswith("bad.toml:6:1: error[SZ103]: ")
    assert shown.err == "3 files checked: 1 error, 1 warning\n"
    assert json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"
    assert (folder / "out.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    "forms",
    [["sarfi"], ["json", "text"], ["json:a", "sarif:a"], [""]],
    ids=["unknown", "both to stdout", "both to a file", "empty"],
)
@pytest.mark.usefixtures("folder")
def test_formats_that_cannot_be_written_are_refused(forms: list[str], capsys: Capture) -> None:
    asked = [argument for form in forms for argument in ("--format", form)]
    assert main(["check", "good.toml", *asked]) == 2
    assert "error[SZ006]" in capsys.readouterr().err
    assert not Path("a").exists()


@pytest.mark.usefixtures("folder")
def test_the_same_question_gives_the_same_bytes(capsys: Capture) -> None:
    for form in ("text", "json", "sarif"):
        main(["check", ".", "--format", form])
        first = capsys.readouterr().out
        main(["check", "warned.toml", "good.toml", "bad.toml", "--format", form])
        if form == "text":
            assert capsys.readouterr().out == first
        main(["check", ".", "--format", form])
        assert capsys.readouterr().out.endswith(first)


@pytest.mark.usefixtures("folder")
def test_standard_input_takes_the_place_of_a_file() -> None:
    broken = GOOD.replace("H100-SXM5", "H1000-SXM5").encode()
    done = sizer("check", "--stdin-filename", "profiles/a.toml", given=broken)
    assert done.returncode == 2
    assert done.stdout.startswith("profiles/a.toml:6:9: error[SZ701]")
    assert sizer("check", "-", given=b"dsl = 1\n[[rule]]\nid='a'\nrequire='fits'\n").returncode == 0


SHARED = "dsl = 1\n[[rule]]\nid = 'shared'\nrequire = 'fits'\n"


@pytest.mark.usefixtures("folder")
def test_an_unsaved_rule_file_is_what_its_profiles_extend() -> None:
    Path("shared.toml").write_text(SHARED)
    Path("asks.toml").write_text(GOOD.replace("dsl = 1", "dsl = 1\nextends = ['shared.toml']", 1))
    unsaved = SHARED.replace("fits", "fitz")
    done = sizer("check", "asks.toml", "--stdin-filename", "shared.toml", given=unsaved.encode())
    assert done.returncode == 2
    assert "shared.toml:4:12: error[SZ202]" in done.stdout
    levels = SHARED + "[levels]\nshared = 'warning'\n"
    done = sizer("check", "asks.toml", "--stdin-filename", "shared.toml", given=levels.encode())
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.usefixtures("folder")
def test_a_rule_file_may_be_extended_before_it_is_saved() -> None:
    Path("asks.toml").write_text(GOOD.replace("dsl = 1", "dsl = 1\nextends = ['new.toml']", 1))
    assert "error[SZ501]" in sizer("check", "asks.toml").stdout
    done = sizer("check", "asks.toml", "--stdin-filename", "new.toml", given=SHARED.encode())
    assert (done.returncode, done.stdout) == (0, "")
    outside = GOOD.replace("dsl = 1", "dsl = 1\nextends = ['../../new.toml']", 1)
    Path("asks.toml").write_text(outside)
    done = sizer("check", "asks.toml", "--stdin-filename", "../../new.toml", given=SHARED.encode())
    assert "error[SZ503]" in done.stdout


@pytest.mark.usefixtures("folder")
def test_an_unsaved_profile_is_checked_once() -> None:
    Path("shared.toml").write_text(SHARED)
    asks = GOOD.replace("dsl = 1", "dsl = 1\nextends = ['shared.toml']", 1)
    Path("asks.toml").write_text(asks)
    broken = asks.replace("H100-SXM5", "H1000-SXM5").encode()
    done = sizer("check", "shared.toml", "--stdin-filename", "asks.toml", given=broken)
    assert done.stdout.count("error[SZ701]") == 1


def test_nothing_to_check_is_a_bad_question(capsys: Capture) -> None:
    assert main(["check"]) == 2
    assert "nothing to check" in capsys.readouterr().err


def test_profiles_and_rules_of_this_repository_are_well() -> None:
    done = sizer(
        "check", "profiles", "rules", "--fail-level", "info", "--exclude", "tests", cwd=ROOT
    )
    assert (done.returncode, done.stdout) == (0, "")
