"""Documents say what the registries say, and their examples work."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tables import ROOT, SECTIONS, current

from sizer.load import load_document
from sizer.structure.toml.document import parse_document

README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = list(SECTIONS)


@pytest.mark.parametrize("path", list(SECTIONS), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_generated_tables_are_current(path: Path) -> None:
    renew = "run `python tests/docs/tables.py`"
    assert path.read_text("utf-8") == current(path), renew


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_whole_profiles_in_documents_load(path: Path) -> None:
    blocks = re.findall(r"```toml\n(dsl = 1.*?)```", path.read_text("utf-8"), re.DOTALL)
    for block in blocks:
        if "[[models]]" in block:
            assert load_document(parse_document(block, path.name), path.parent).profile.models


def test_python_in_the_readme_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_links_between_documents_lead_somewhere() -> None:
    for document in (*DOCUMENTS, ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document}: {target}"
