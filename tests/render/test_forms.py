"""The table of forms and the folders say the same; every form is asked the same way."""

from __future__ import annotations

import ast
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest

import sizer.render
from sizer.render import forms
from sizer.render.forms import FINDINGS, GATES, REPORT, Noun

FOLDER = Path(sizer.render.__file__).parent
NOUNS = {name: each for name, each in vars(forms).items() if isinstance(each, Noun)}


def renders(file: Path) -> bool:
    """Return whether a module has the function that makes it a form."""
    tree = ast.parse(file.read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "render" for node in tree.body)


def test_every_module_that_renders_is_in_the_table_and_the_other_way_round() -> None:
    files = {(each.parent.name, each.stem) for each in FOLDER.rglob("*.py") if renders(each)}
    assert files == {(noun.folder, form) for noun in NOUNS.values() for form in noun.forms}


def test_a_noun_is_called_as_its_folder() -> None:
    assert {name: noun.folder.upper() for name, noun in NOUNS.items()} == {n: n for n in NOUNS}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
def test_every_form_takes_the_noun_and_a_look(noun: Noun[object, object]) -> None:
    for form in noun.forms:
        asked = signature(import_module(f"sizer.render.{noun.folder}.{form}").render)
        assert [each.annotation for each in asked.parameters.values()][1:] == ["Look"], form


def test_a_form_that_is_not_in_the_table_is_no_module_to_import() -> None:
    with pytest.raises(KeyError, match="words"):
        FINDINGS.render(None, "words")  # type: ignore[arg-type]


def test_a_report_passes_a_gate_as_findings() -> None:
    assert set(GATES) < set(FINDINGS.forms)
    assert not set(GATES) & set(REPORT.forms)
