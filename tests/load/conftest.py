"""A repository for tests of files that extend each other."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that counts as the root of a repository."""
    (tmp_path / ".git").mkdir()
    return tmp_path
