"""JSON: complete and versioned; the same report gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.render.kit.json_text import dumped_in_pieces
from sizer.render.kit.look import Look
from sizer.render.report.document import document
from sizer.schema.answered.report import Report


def render(report: Report, look: Look) -> str:
    """Return the whole report; unknown is null."""
    return "".join(pieces(report, look))


def pieces(report: Report, _: Look) -> Iterator[str]:
    """Yield the same text, of which there may be gigabytes, in pieces."""
    yield from dumped_in_pieces(document(report, as_read=True))
