"""Names that no file system takes are names of nothing: a bad question, never a fault of sizer."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
LONG = "x" * 3000
DEEP = "/".join(["x" * 200] * 25)


@pytest.mark.parametrize("name", [LONG, DEEP, f"{LONG}.toml"], ids=["long", "deep", "toml"])
@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["run"],
        ["run", "--locked"],
        ["fmt"],
        ["test"],
        ["diff"],
        ["diff", "a.toml"],
        ["lock"],
        ["lock", "--check"],
        ["lock", "--lock"],
        ["update", "--lock"],
        ["init"],
        ["estimate"],
        ["schema", "-o"],
    ],
    ids=" ".join,
)
def test_a_name_too_long_is_a_bad_question(
    command: list[str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*command, name]) in {1, 2}
    if command == ["diff", "a.toml"]:
        assert main(["diff", name, name]) == 2
    assert "SZ900" not in capsys.readouterr().err
