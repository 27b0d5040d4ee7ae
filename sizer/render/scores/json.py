"""JSON of scores: all their figures."""

from __future__ import annotations

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.scores.scored import Scored


def render(scored: Scored, _: Look) -> str:
    """Return scores and worst rows."""
    return dumped({"scores": scored.scores, "worst": scored.worst})
