"""A simulation of a shipped profile, to the byte; SIZER_UPDATE_GOLDEN=1 writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sizer.cli import main

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "simulated"
ASKED = ("profiles/traffic.toml", "--requests", "3000", "--fail", "1@30s")


def test_a_shipped_profile_is_simulated_as_before(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text alone: its four digits do not show the last bit of another platform's logarithm."""
    monkeypatch.chdir(ROOT)
    assert main(["simulate", *ASKED]) == 1
    text = capsys.readouterr().out
    golden = GOLDEN / "traffic.txt"
    if os.environ.get("SIZER_UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
