"""Scores and the worst rows."""

from __future__ import annotations

from attrs import frozen

from sizer.render.listing import Row


@frozen(eq=False, repr=False)
class Scored:
    """A row for each score, and one for each of the rows that are furthest off."""

    scores: tuple[Row, ...]
    worst: tuple[Row, ...]
