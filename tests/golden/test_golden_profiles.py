"""Every profile of profiles/, answered to the byte; SIZER_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sizer.cli import main

ROOT = Path(__file__).parents[2]
PROFILES = sorted((ROOT / "profiles").glob("*.toml"))
HERE = Path(__file__).parent


def answered(profile: Path, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    code = main(["run", str(profile.relative_to(ROOT)), "--format", form])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return captured.out


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
@pytest.mark.parametrize(("form", "ending"), [("text", "txt"), ("json", "json")])
def test_a_shipped_profile_answers_as_before(
    profile: Path,
    form: str,
    ending: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    golden = HERE / f"{profile.stem}.{ending}"
    text = answered(profile, form, capsys)
    if os.environ.get("SIZER_UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_every_golden_has_its_profile() -> None:
    goldens = {path.stem for path in HERE.iterdir() if path.suffix in {".txt", ".json"}}
    assert goldens == {path.stem for path in PROFILES}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
def test_a_golden_answers_every_model(profile: Path) -> None:
    text = (HERE / f"{profile.stem}.json").read_text("utf-8")
    assert all(answer["chosen"] is not None for answer in json.loads(text)["answers"])
