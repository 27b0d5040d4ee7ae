"""JSON: complete and versioned; the same report gives the same bytes."""

from __future__ import annotations

import json
from typing import Any

from sizer.render.document import document
from sizer.render.look import Look
from sizer.schema.answered.report import Report


def render(report: Report, _: Look) -> str:
    """Return the whole report; unknown is null."""
    return dumped(document(report))


def dumped(data: Any) -> str:
    """Return plain data as indented ASCII, which every terminal and locale can carry."""
    return json.dumps(data, indent=2, allow_nan=False) + "\n"
