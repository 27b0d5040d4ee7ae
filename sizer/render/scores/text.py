"""Scores for people: a table, and below it the rows that are furthest off."""

from __future__ import annotations

from sizer.render.kit.look import Look
from sizer.render.listing import Listing
from sizer.render.listing.text import render as listed
from sizer.render.scores.scored import Scored

SCORE = (
    "metric",
    "rows",
    "points",
    "median_error",
    "p90_error",
    "bias",
    "within_2x",
    "within_interval",
)
MISS = ("metric", "row", "measured", "estimated", "error")


def render(scored: Scored, look: Look) -> str:
    """Return the tables that have a row."""
    parts = ((scored.scores, SCORE), (scored.worst, MISS))
    return "\n".join(listed(Listing(rows, columns), look) for rows, columns in parts if rows)
