"""JSON as every form writes it: the same data in the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from sizer.schema.series import Series

BREAK = "\n"
INDENT = 2


def dumped(data: Any) -> str:
    """Return plain data as indented ASCII, which every terminal and locale can carry."""
    return _text(data, BREAK) + "\n"


def dumped_in_pieces(data: Any) -> Iterator[str]:
    """Yield the same text in pieces; a Series of plain data is a list, written item by item."""
    yield from _pieces(data, BREAK)
    yield "\n"


def _pieces(data: Any, margin: str) -> Iterator[str]:
    """Yield the text of a value whose lines begin with a margin."""
    inner = margin + INDENT * " "
    if isinstance(data, Series):
        yield from _within("[]", margin, ([inner, _text(each, inner)] for each in data))
    elif not _has_series(data):
        yield _text(data, margin)
    elif isinstance(data, dict):
        named = (chain([f"{inner}{json.dumps(key)}: "], _pieces(data[key], inner)) for key in data)
        yield from _within("{}", margin, named)
    else:
        yield from _within("[]", margin, (chain([inner], _pieces(each, inner)) for each in data))


def _within(brackets: str, margin: str, items: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the pieces of all items between two brackets, a comma after each but the last."""
    before = brackets[0]
    for pieces in items:
        yield before
        yield from pieces
        before = ","
    yield f"{margin}{brackets[1]}" if before == "," else brackets


def _has_series(data: Any) -> bool:
    if isinstance(data, dict):
        return any(map(_has_series, data.values()))
    return isinstance(data, Series) or (isinstance(data, list) and any(map(_has_series, data)))


def _text(data: Any, margin: str) -> str:
    return json.dumps(data, indent=INDENT, allow_nan=False).replace(BREAK, margin)
