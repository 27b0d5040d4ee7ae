"""JSON as every form writes it: the same data in the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sizer.schema.series import Series

BREAK = "\n"
INDENT = 2


def dumped(data: Any) -> str:
    """Return plain data as indented ASCII, which every terminal and locale can carry."""
    return _text(data, BREAK) + "\n"


def dumped_in_pieces(data: Any) -> Iterator[str]:
    """Yield the same text in pieces; a Series in the data is a list, and written item by item."""
    yield from _pieces(data, BREAK)
    yield "\n"


def _pieces(data: Any, margin: str) -> Iterator[str]:
    """Yield the text of a value whose lines begin with a margin."""
    if not _has_series(data):
        yield _text(data, margin)
        return
    inner, between = margin + INDENT * " ", ""
    yield "{" if isinstance(data, dict) else "["
    for name, value in _items(data):
        yield f"{between}{inner}{name}"
        yield from _pieces(value, inner)
        between = ","
    yield (margin if between else "") + ("}" if isinstance(data, dict) else "]")


def _items(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield each value with what stands before it."""
    if isinstance(data, dict):
        yield from ((f"{json.dumps(name)}: ", value) for name, value in data.items())
    else:
        yield from (("", value) for value in data)


def _has_series(data: Any) -> bool:
    if isinstance(data, dict):
        return any(map(_has_series, data.values()))
    return isinstance(data, Series) or (isinstance(data, list) and any(map(_has_series, data)))


def _text(data: Any, margin: str) -> str:
    return json.dumps(data, indent=INDENT, allow_nan=False).replace(BREAK, margin)
