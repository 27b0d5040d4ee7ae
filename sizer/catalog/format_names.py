"""What weight formats and cache formats are called: all that a check needs of them.

The names are those of formats.toml, in an index that is quick to read (see formats.build_names).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("format_names.json")
Names = Mapping[str, Mapping[str, list[str]]]


def weight_format_names() -> tuple[str, ...]:
    """Return every name and alias of a weight format, and `auto`."""
    return ("auto", *_names("weights"))


def kv_format_names() -> tuple[str, ...]:
    """Return every name and alias of a cache format, and `auto`."""
    return ("auto", *_names("kv"))


def stored_formats() -> dict[str, tuple[str, ...]]:
    """Return the values that the metrics `weights` and `kv_format` can have."""
    metrics = {"weights": "weights", "kv_format": "kv"}
    return {metric: tuple(_index()[table]) for metric, table in metrics.items()}


def _names(table: str) -> Iterator[str]:
    for name, aliases in _index()[table].items():
        yield from (name, *aliases)


@cache
def _index() -> Names:
    """Return the aliases of every name, by table of formats.toml."""
    index: Names = json.loads(FILE.read_text("utf-8"))
    return index
