from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from reference_inputs import Written


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Return what writes a JSON file, or a text as it is, and returns its path."""

    def write(name: str, content: Any) -> str:
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, "utf-8")
        return str(path)

    return write
