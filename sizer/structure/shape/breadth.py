"""Finds data with more values than anybody writes, before each of them is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sizer.diagnostic import problem
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path

MOST_VALUES = 10_000
TOO_MUCH = "SZ004"


def refuse_too_many(document: Document) -> None:
    """Raise Problem (SZ004), at the first value too many, if there are more than MOST_VALUES."""
    path = next(islice(_paths(document.data), MOST_VALUES, None), None)
    if path is not None:
        help_ = "split it; rules are shared by files named in `extends`"
        place = document.place(path, key=True)
        raise problem(TOO_MUCH, f"more than {MOST_VALUES:,} values", place, help_)


def _paths(value: dict[str, Any] | list[Any], path: Path = ()) -> Iterator[Path]:
    """Yield the path of each value, in the order of the file."""
    parts: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for step, part in parts:
        yield (*path, step)
        if isinstance(part, dict | list):
            yield from _paths(part, (*path, step))
