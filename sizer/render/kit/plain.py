"""Texts without control characters: nothing in a profile may steer a terminal or a build.

Build systems take orders from what is printed: GitHub from lines that start with `::`, others from
`##name[` anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import evolve, fields, has

from sizer.diagnostic import Place
from sizer.schema.series import Series

Told = TypeVar("Told")

_ESCAPE = r"""(?xs)
    \x1b\[[0-?]*[ -/]*[@-~]            # colours and cursor movement
      | \x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)  # titles, links, device strings
      | \x1b[ -/]*[0-~]                    # all others
    """
_ORDER = r"^\s*::|##(?=\w*\[)"


def plain(text: str) -> str:
    """Return one line of printable characters; escape sequences vanish, white space is a blank."""
    if text.isprintable():
        return obeyed_by_none(text)
    visible = re.sub(_ESCAPE, "", text)
    kept = (c if c.isprintable() else " " if c.isspace() else "" for c in visible)
    return obeyed_by_none("".join(kept))


def obeyed_by_none(line: str) -> str:
    """Return a line of the same length that no build system takes for an order."""
    if "::" not in line and "##" not in line:
        return line
    return re.sub(_ORDER, lambda found: found.group()[:-1] + "\N{REPLACEMENT CHARACTER}", line)


def cleaned(told: Told) -> Told:
    """Return a report or a part of one with every text in it made plain."""
    made: Told = _clean(told)
    return made


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, float | int):  # most are
        return value
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Place):
        return _clean_place(value)
    if isinstance(value, list | tuple | Series):
        return value.mapped(_clean) if isinstance(value, Series) else tuple(map(_clean, value))
    if isinstance(value, Mapping):
        return {name: _clean(each) for name, each in value.items()}
    return _clean_fields(value) if has(type(value)) else value


def _clean_fields(value: Any) -> Any:
    names = [each.name for each in fields(type(value))]
    return evolve(value, **{name: _clean(getattr(value, name)) for name in names})


def _clean_place(place: Place) -> Place:
    """Return a place whose excerpt keeps its length, so that columns still fit."""
    excerpt = place.excerpt
    if excerpt is not None:
        kept = (c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in excerpt)
        excerpt = obeyed_by_none("".join(kept))
    return evolve(place, file=plain(place.file), excerpt=excerpt)
