"""CSV of points: what was read, and what is estimated of it in twelve digits."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from sizer.render.kit.csv_text import cell
from sizer.render.kit.look import Look
from sizer.render.points.rows import Estimated, Style, lines
from sizer.schema.answered.report import Value

QUOTED = frozenset(',"\r\n')


def render(points: Estimated, _: Look) -> Iterator[str]:
    """Yield the heading, then a text for each block; an empty cell is unknown."""
    yield ",".join(map(_quoted, points.names)) + "\n"
    yield from lines(points, STYLE)


def _write(_: str, value: Value) -> str:
    return _quoted(cell(value))


def _numbers(_: str, values: list[float]) -> list[str]:
    return ["" if isnan(value) else f"{value:.12g}" for value in values]


def _quoted(text: str) -> str:
    """Return a cell as the format wants it (RFC 4180): quoted where it holds a mark of its own."""
    if QUOTED.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


STYLE = Style(_write, _numbers, "", ",", "\n")
