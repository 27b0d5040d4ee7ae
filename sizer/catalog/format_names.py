"""What weight formats and cache formats are called: all that a check needs of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sizer.structure.facts import read_table

FILE = Path(__file__).with_name("formats.toml")


def weight_format_names() -> tuple[str, ...]:
    """Return every name and alias of a weight format, and `auto`."""
    return ("auto", *_names("weights"))


def kv_format_names() -> tuple[str, ...]:
    """Return every name and alias of a cache format, and `auto`."""
    return ("auto", *_names("kv"))


def stored_formats() -> dict[str, tuple[str, ...]]:
    """Return the values that the metrics `weights` and `kv_format` can have."""
    table = _table()
    metrics = {"weights": "weights", "kv_format": "kv"}
    return {metric: tuple(each["name"] for each in table[key]) for metric, key in metrics.items()}


def _names(key: str) -> Iterator[str]:
    for each in _table()[key]:
        yield from (each["name"], *each.get("aliases", ()))


@cache
def _table() -> dict[str, Any]:
    return read_table(FILE.read_text("utf-8"))
