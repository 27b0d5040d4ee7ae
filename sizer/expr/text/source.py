"""The text of an expression and where each of its characters stands in a file."""

from __future__ import annotations

from collections.abc import Callable

from attrs import field, frozen

from sizer.diagnostic import Place


@frozen(eq=False, repr=False)
class Source:
    """A text; `place` maps character offsets (start, end) into it to a span of its file."""

    text: str
    place: Callable[[int, int], Place | None] = field(eq=False, repr=False)


def plain(text: str) -> Source:
    """Return a source that belongs to no file."""
    return Source(text, _nowhere)


def _nowhere(_start: int, _end: int) -> None:
    return None
