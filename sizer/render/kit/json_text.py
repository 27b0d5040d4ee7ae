"""JSON as every form writes it: the same data in the same bytes."""

from __future__ import annotations

import json
from typing import Any


def dumped(data: Any) -> str:
    """Return plain data as indented ASCII, which every terminal and locale can carry."""
    return json.dumps(data, indent=2, allow_nan=False) + "\n"
