"""The laws of `sizer fmt`: what it writes, and what `--check` and `--diff` say of that."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("tree_sitter_toml", reason="the formatter's grammar is not installed")

from test_layout_laws import files

from sizer.cli import main

HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")
BOM = "\ufeff"
WRONG = st.sampled_from(("a = ", "a = 1\na = 2\n", "= 1\n", "[a\n", 'a = "\n', "a = 1 b = 2\n"))
Capture = pytest.CaptureFixture[str]
once_for_all = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def ran(*arguments: object) -> int:
    return int(main(["fmt", *map(str, arguments)]))


def patched(lines: list[str], diff: list[str]) -> list[str]:
    """Return lines with a unified diff applied."""
    found: list[str] = []
    at = 0
    for line in diff[2:]:
        hunk = HUNK.match(line)
        if hunk:
            start = int(hunk[1]) - (hunk[2] != "0")
            found += lines[at:start]
            at = start
        elif line[0] == "+":
            found.append(line[1:])
        else:
            assert lines[at] == line[1:]
            at += 1
            found += [line[1:]] if line[0] == " " else []
    return found + lines[at:]


@once_for_all
@given(files(), st.sampled_from(("\n", "\r\n")), st.sampled_from(("", BOM)))
def test_what_is_written_says_the_same_and_is_written_once(
    tmp_path: Path, capsys: Capture, text: str, ending: str, mark: str
) -> None:
    path = tmp_path / "p.toml"
    path.write_bytes((mark + text.replace("\n", ending)).encode())
    before = path.read_bytes()
    checked = ran("--check", path)
    assert path.read_bytes() == before
    assert ran(path) == 0
    after = path.read_bytes()
    assert checked == (after != before)
    assert (capsys.readouterr().out != "") == (after != before)
    assert not after.startswith(BOM.encode())
    says: Callable[[bytes], str] = lambda content: repr(  # noqa: E731
        tomllib.loads(content.decode().removeprefix(BOM))
    )
    assert says(after) == says(before)
    lone = after.replace(b"\r\n", b"").count(b"\n")
    assert lone == 0 if before.count(b"\n") and ending == "\r\n" else b"\r" not in after
    assert ran(path) == ran("--check", path) == ran("--diff", path) == 0
    assert path.read_bytes() == after


@once_for_all
@given(files())
def test_a_diff_is_what_would_be_written(tmp_path: Path, capsys: Capture, text: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text, "utf-8", newline="")
    capsys.readouterr()
    changes = ran("--diff", path)
    diff = capsys.readouterr().out
    assert path.read_bytes() == text.encode()
    assert changes == (diff != "")
    assert ran(path) == 0
    written = path.read_text("utf-8")
    shown = text.replace("\t", " ")  # a diff steers no terminal
    if shown.replace("\n", "").isprintable():
        found = patched(shown.split("\n"), diff.split("\n")[:-1])
        assert found == written.replace("\t", " ").split("\n")


@once_for_all
@given(files(), WRONG, st.sampled_from(((), ("--check",), ("--diff",))))
def test_what_is_no_toml_is_left_alone(
    tmp_path: Path, capsys: Capture, text: str, wrong: str, options: tuple[str, ...]
) -> None:
    path, good = tmp_path / "p.toml", tmp_path / "good.toml"
    path.write_text(text + wrong, "utf-8", newline="")
    good.write_text("a = 1\n")
    capsys.readouterr()
    assert ran(*options, path, good) == 2
    assert path.read_bytes() == (text + wrong).encode()
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{path}:" in said.err
    assert "error[SZ003]" in said.err
