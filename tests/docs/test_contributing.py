"""CONTRIBUTING.md: what it names is there, and each recipe, done to the letter in a copy, works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sizer

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROOMS = {each.name for each in Path(sizer.__file__).parent.iterdir() if each.is_dir()}
RECIPES = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))
BLOCKS = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "mutants", "build", "dist", "*.egg-info")
SHELL = 'set -e; sizer() { "$PYTHON" -m sizer "$@"; }; python() { "$PYTHON" "$@"; }; '


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the repository in which a recipe is done."""
    return Path(shutil.copytree(ROOT, tmp_path / "copy", ignore=LEFT_OUT))


def words(text: str) -> str:
    return " ".join(text.split())


def write(copy: Path, text: str) -> None:
    """Write a new file; its first line names it."""
    heading, _, content = text.partition("\n")
    path = copy / heading.removeprefix("# ")
    assert not path.exists(), path
    path.write_text(content, "utf-8")


def change(copy: Path, text: str) -> None:
    """Change the one place of a file that has these lines."""
    heading, *lines = text.splitlines()
    path = copy / heading.removeprefix("--- ")
    before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
    after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
    content = path.read_text("utf-8")
    assert content.count(before) == 1, f"{path} does not have, or has twice:\n{before}"
    path.write_text(content.replace(before, after), "utf-8")


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command with the lines that its output must have."""
    for part in text.split("$ ")[1:]:
        command, *lines = part.splitlines()
        yield command, lines


def run(copy: Path, text: str) -> None:
    for command, lines in commands(text):
        done = subprocess.run(
            ["bash", "-c", SHELL + command],  # noqa: S607  # the shell of who follows the recipe
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHON": sys.executable},
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{command}: {said}"
        assert [line for line in lines if words(line) not in words(said)] == [], said


STEPS = {"toml": write, "python": write, "diff": change, "console": run}


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_works_to_the_letter(recipe: str, copy: Path) -> None:
    steps = BLOCKS.findall(RECIPES[recipe])
    assert {"console"} < {kind for kind, _ in steps} | {"text"}
    for kind, text in steps:
        STEPS[kind](copy, text)


def test_there_is_a_recipe_for_each_usual_change() -> None:
    assert [name.split(maxsplit=1)[1] for name in RECIPES] == [
        "accelerator",
        "model",
        "metric",
        "rule function",
        "diagnostic",
        "form",
        "engine release",
        "command",
    ]


def test_every_file_that_it_names_is_there() -> None:
    plain = BLOCKS.sub("", TEXT)
    named = set(re.findall(r"`((?:sizer|tests|profiles|rules|\.ci)/[\w./*-]*)`", plain))
    assert len(named) > 15
    assert [each for each in named if not list(ROOT.glob(each.rstrip("/")))] == []


def test_every_folder_of_tests_is_a_room_or_a_kind() -> None:
    kinds = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))
    folders = {each.name for each in (ROOT / "tests").iterdir() if each.is_dir()}
    assert {each for each in folders if not each.startswith((".", "_"))} - ROOMS == kinds


def test_its_sentences_are_short() -> None:
    plain = re.sub(r"```.*?```|^[|#].*?$", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    sentences = [each for each in re.split(r"[.:](?:\s|$)|^- ", words(plain)) if each.strip()]
    assert sum(len(each.split()) for each in sentences) / len(sentences) <= 15
