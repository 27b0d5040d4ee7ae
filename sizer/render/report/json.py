"""JSON: complete and versioned; the same report gives the same bytes."""

from __future__ import annotations

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.report.document import document
from sizer.schema.answered.report import Report


def render(report: Report, _: Look) -> str:
    """Return the whole report; unknown is null."""
    return dumped(document(report))
