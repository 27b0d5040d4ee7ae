"""Weight formats and cache formats by name; format_names has the names alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from sizer.catalog.lookup import Unknown
from sizer.schema.facts.format import KvFormat, WeightFormat
from sizer.structure.facts import read_facts

FILE = Path(__file__).with_name("formats.toml")
T = TypeVar("T", bound=WeightFormat | KvFormat)


@frozen(eq=False, repr=False)
class _Formats:
    weights: tuple[WeightFormat, ...]
    kv: tuple[KvFormat, ...]


def find_weight_format(name: str) -> WeightFormat:
    """Return a weight format by name or alias.

    Raises Unknown with the nearest names.
    """
    return _found("weight format", name, _formats().weights)


def find_kv_format(name: str) -> KvFormat:
    """Return a cache format by name or alias.

    Raises Unknown with the nearest names.
    """
    return _found("cache format", name, _formats().kv)


def own_cache(weights: WeightFormat) -> str:
    """Return the cache format that engines take unasked: that of the activations."""
    return "fp32" if weights.compute == "fp32" else "bf16"


def build_names() -> str:
    """Return what format_names.json must hold, from the formats themselves."""
    tables: dict[str, tuple[WeightFormat | KvFormat, ...]]
    tables = {"weights": _formats().weights, "kv": _formats().kv}
    names = {table: {each.name: each.aliases for each in of} for table, of in tables.items()}
    return json.dumps(names, indent=1) + "\n"


def _named(formats: Iterable[T]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for form in formats:
        found.update(dict.fromkeys((form.name, *form.aliases), form))
    return found


def _found(what: str, name: str, formats: Iterable[T]) -> T:
    known, key = _named(formats), name.lower()
    if key not in known:
        raise Unknown(f"unknown {what} {name!r}", partial(_near, key, known))
    return known[key]


def _near(key: str, known: Mapping[str, object]) -> tuple[str, ...]:
    from difflib import get_close_matches  # noqa: PLC0415  # `sizer check` never needs it

    return tuple(get_close_matches(key, known, n=3))


@cache
def _formats() -> _Formats:
    return read_facts(FILE.read_text("utf-8"), _Formats)
