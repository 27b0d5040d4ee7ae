"""`sizer fmt`: what it writes, where, and with which exit code."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

pytest.importorskip("tree_sitter_toml", reason="the formatter's grammar is not installed")

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
UNTIDY, TIDY = "dsl=1 # c\n", "dsl = 1 # c\n"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    path = tmp_path / "profile.toml"
    path.write_text(UNTIDY)
    return path


def test_a_file_is_written_once(untidy: Path, capsys: Capture) -> None:
    assert main(["fmt", str(untidy)]) == 0
    assert untidy.read_text() == TIDY
    assert capsys.readouterr() == ("", "1 file read, 1 changed\n")
    before = untidy.stat().st_mtime_ns
    assert main(["fmt", str(untidy)]) == 0
    assert untidy.stat().st_mtime_ns == before
    assert capsys.readouterr() == ("", "1 file read, 0 changed\n")


def test_check_names_what_would_change_and_writes_nothing(untidy: Path, capsys: Capture) -> None:
    tidy = untidy.with_name("tidy.toml")
    tidy.write_text(TIDY)
    assert main(["fmt", "--check", str(untidy), str(tidy)]) == 1
    assert capsys.readouterr() == (f"{untidy}\n", "2 files read, 1 would change\n")
    assert untidy.read_text() == UNTIDY
    assert main(["fmt", "--check", str(tidy)]) == 0


def test_diff_shows_what_would_change(untidy: Path, capsys: Capture) -> None:
    assert main(["fmt", "--diff", str(untidy)]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith(f"--- {untidy}\n+++ {untidy}\n@@")
    assert "-dsl=1 # c\n+dsl = 1 # c\n" in shown
    assert untidy.read_text() == UNTIDY


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(UNTIDY.encode())))
    assert main(["fmt", "-"]) == 0
    assert capsys.readouterr().out == TIDY


def test_the_ends_of_lines_stay(untidy: Path) -> None:
    untidy.write_bytes(b"dsl=1\r\nextends=[]\r\n")
    assert main(["fmt", str(untidy)]) == 0
    assert untidy.read_bytes() == b"dsl = 1\r\nextends = []\r\n"


def test_what_is_no_toml_stops_no_other_file(untidy: Path, capsys: Capture) -> None:
    broken = untidy.with_name("broken.toml")
    broken.write_text("dsl = ")
    assert main(["fmt", str(broken), str(untidy)]) == 2
    assert "broken.toml:1:6: error[SZ003]" in capsys.readouterr().err
    assert broken.read_text() == "dsl = "
    assert untidy.read_text() == TIDY


def test_a_folder_stands_for_what_is_sizers_in_it(untidy: Path, capsys: Capture) -> None:
    other = untidy.with_name("pyproject.toml")
    other.write_text("a=1")
    left_out = untidy.with_name("left-out.toml")
    left_out.write_text(UNTIDY)
    assert main(["fmt", str(untidy.parent), "--exclude", "*/left-out.toml"]) == 0
    assert (untidy.read_text(), other.read_text()) == (TIDY, "a=1")
    assert left_out.read_text() == UNTIDY
    assert main(["fmt", str(untidy.parent / "none*")]) == 2
    assert "error[SZ001]: no file matches" in capsys.readouterr().err


def test_a_diff_steers_no_terminal(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "hostile.toml"
    path.write_text('a="\u202e\x7f"'.replace("\x7f", ""), "utf-8")
    assert main(["fmt", "--diff", str(path)]) == 1
    assert "\u202e" not in capsys.readouterr().out


def test_what_has_no_layout_stays_and_stops_no_other_file(
    untidy: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = untidy.with_name("odd.toml")
    odd.write_text("odd=1\n")
    monkeypatch.setattr("sizer.layout.laid_out", lambda text: "a = 2\n" if "odd" in text else TIDY)
    assert main(["fmt", str(odd), str(untidy)]) == 2
    said = "formatting would change what"
    assert f"{odd}: error[SZ900]: {said}" in capsys.readouterr().err
    assert (odd.read_text(), untidy.read_text()) == ("odd=1\n", TIDY)


def test_a_byte_order_mark_goes(untidy: Path) -> None:
    untidy.write_bytes(b"\xef\xbb\xbfdsl = 1\r\n")
    assert main(["fmt", "--check", str(untidy)]) == 1
    assert main(["fmt", str(untidy)]) == 0
    assert untidy.read_bytes() == b"dsl = 1\r\n"


def test_a_diff_shows_no_secret(tmp_path: Path, capsys: Capture) -> None:
    secret = "hf_" + "OpenSesame0123456789"
    path = tmp_path / "profile.toml"
    path.write_text(f"dsl=1\n[params]\nhf_token='{secret}'\n")
    assert main(["fmt", "--diff", str(path)]) == 1
    told = capsys.readouterr()
    assert secret not in told.out + told.err
    assert f'+hf_token = "{"*" * len(secret)}"' in told.out
    assert main(["fmt", str(path)]) == 0
    assert secret in path.read_text()
