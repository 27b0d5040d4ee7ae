"""A row of numbers as one line of marks."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
PLAIN = ".:-=+*#@"
NOTHING = " "


def sparkline(values: Sequence[float], top: float, *, plain: bool = False) -> str:
    """Return a mark for each value, by its share of `top`; `plain` ones are ASCII."""
    marks = PLAIN if plain else BLOCKS
    return "".join(_mark(value, top, marks) for value in values)


def _mark(value: float, top: float, marks: str) -> str:
    if not value > 0 or not top > 0:
        return NOTHING
    share = min(value / top, 1.0)
    return marks[max(ceil(share * len(marks)), 1) - 1]
