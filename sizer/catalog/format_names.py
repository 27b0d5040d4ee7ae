"""What weight formats and cache formats are called: all that a check needs of them.

Loaders write a name with a dash or an underscore, so a name is known with either.

The names are those of formats.toml, in an index that is quick to read (see formats.build_names).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("format_names.json")
Names = Mapping[str, Mapping[str, list[str]]]


def plain(name: str) -> str:
    """Return the key of a format's name: in lower case, a dash for each underscore."""
    return name.lower().replace("_", "-")


def choices_of(name: str) -> tuple[str, ...]:
    """Return the weight formats that a loader's name may mean; none where it is no such name."""
    key = plain(name)
    return next((tuple(of) for each, of in loaders().items() if plain(each) == key), ())


def loaders() -> Mapping[str, list[str]]:
    """Return the names that loaders have for several weight formats, each with those."""
    return _index()["loaders"]


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


def format_aliases(metric: str) -> Mapping[str, list[str]]:
    """Return the values that `weights` or `kv_format` can have, each with its other names."""
    return _index()["weights" if metric == "weights" else "kv"]


def _names(table: str) -> Iterator[str]:
    for name, aliases in _index()[table].items():
        yield from (name, *aliases)


@cache
def _index() -> Names:
    """Return the aliases of every name, by table of formats.toml."""
    index: Names = json.loads(FILE.read_text("utf-8"))
    return index
