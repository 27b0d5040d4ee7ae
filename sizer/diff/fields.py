"""Fields of two values of one class that differ, and names that only one side has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from attrs import fields, has

from sizer.schema.answered.difference import FieldChange, Presence


def field_differences(
    a: Any,
    b: Any,
    *path: str,
    only: Collection[str] | None = None,
    unseen: Collection[str] = (),
) -> Iterator[FieldChange]:
    """Yield each field of two values of one class that differs; `path` is what they are called."""
    for each in fields(type(a)):
        mine, theirs = getattr(a, each.name), getattr(b, each.name)
        if mine == theirs or each.name in unseen or (only is not None and each.name not in only):
            continue
        if has(type(mine)) and type(mine) is type(theirs):
            yield from field_differences(mine, theirs, *path, each.name)
        elif has(type(mine)) and has(type(theirs)):
            yield FieldChange((*path, each.name), mine.kind, theirs.kind)
        else:
            yield FieldChange((*path, each.name), mine, theirs)


def gone_and_come(a: Collection[str], b: Collection[str]) -> Iterator[Presence]:
    """Yield names that only one side has."""
    yield from (Presence(name, "before") for name in a if name not in b)
    yield from (Presence(name, "after") for name in b if name not in a)
