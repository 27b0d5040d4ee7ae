"""What the import contracts cannot say: who comes from another room enters by a door."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sizer

HOUSE = Path(sizer.__file__).parent
WITH_DOORS = ("cli", "estimate", "expr", "imports", "load", "render")
IN_ROOMS = tuple(f"sizer.{room}." for room in WITH_DOORS)
MOST_FILES = 22
MAP = re.compile(r"\bComes in:\s.+\bGoes out:\s.+\bnever\b.+\.", re.DOTALL)


def modules() -> dict[str, Path]:
    """Return every module of the package with its file."""
    files = sorted(HOUSE.rglob("*.py"))
    parts = {file: file.relative_to(HOUSE.parent).with_suffix("").parts for file in files}
    return {".".join(name).removesuffix(".__init__"): file for file, name in parts.items()}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def called(file: Path) -> set[str]:
    """Return the names of all functions and methods that a module calls."""
    calls = (
        node.func
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
    )
    return {each.attr if isinstance(each, ast.Attribute) else ast.unparse(each) for each in calls}


def test_load_reads_every_file_through_a_reader() -> None:
    past = {"open", "read_bytes", "read_text", "read_csv"}
    found = {
        name: called(file) & past
        for name, file in modules().items()
        if name.startswith("sizer.load.")
    }
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("room", WITH_DOORS)
def test_other_rooms_enter_a_wing_by_its_door(room: str) -> None:
    inside = f"sizer.{room}."
    wings = [name for name, file in modules().items() if file.name == "__init__.py"]
    below = tuple(f"{wing}." for wing in wings if wing.startswith(inside))
    past = {
        f"{name} imports {target}"
        for name, file in modules().items()
        if not f"{name}.".startswith(inside)
        for target in imported(file)
        if target.startswith(below) and target not in wings
    }
    assert not past


def test_a_door_names_all_that_it_gives() -> None:
    for name, file in modules().items():
        if file.name != "__init__.py" or not name.startswith(IN_ROOMS):
            continue
        tree = ast.parse(file.read_text("utf-8"))
        given = {
            each.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sizer.")
            for each in node.names
        }
        listed = {
            each
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            for each in ast.literal_eval(node.value)
        }
        assert given == listed, name


def test_every_package_says_what_comes_in_what_goes_out_and_what_it_never_does() -> None:
    silent = {
        name
        for name, file in modules().items()
        if file.name == "__init__.py"
        and not MAP.search(ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "")
    }
    assert not silent


def test_no_room_has_more_files_than_a_reader_can_scan() -> None:
    folders = {file.parent for file in modules().values()}
    full = {folder.name: len(list(folder.glob("*.py"))) for folder in folders}
    assert {name: count for name, count in full.items() if count > MOST_FILES} == {}
