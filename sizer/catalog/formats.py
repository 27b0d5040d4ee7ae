"""Weight formats and cache formats by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TypeVar

from attrs import frozen

from sizer.catalog.found import Unknown
from sizer.schema.format import KvFormat, WeightFormat
from sizer.structure.facts import read_facts

T = TypeVar("T", bound=WeightFormat | KvFormat)


@frozen
class _Formats:
    weights: tuple[WeightFormat, ...]
    kv: tuple[KvFormat, ...]


def find_weight_format(name: str) -> WeightFormat:
    """Return a weight format by name or alias.

    Raises Unknown with the nearest names.
    """
    known = _named(_formats().weights)
    if name.lower() not in known:
        raise _unknown("weight format", name, known)
    return known[name.lower()]


def find_kv_format(name: str) -> KvFormat:
    """Return a cache format by name or alias.

    Raises Unknown with the nearest names.
    """
    known = _named(_formats().kv)
    if name.lower() not in known:
        raise _unknown("cache format", name, known)
    return known[name.lower()]


def weight_format_names() -> tuple[str, ...]:
    """Return every name and alias of a weight format, and `auto`."""
    return ("auto", *_named(_formats().weights))


def kv_format_names() -> tuple[str, ...]:
    """Return every name and alias of a cache format, and `auto`."""
    return ("auto", *_named(_formats().kv))


def stored_formats() -> dict[str, tuple[str, ...]]:
    """Return the values that the metrics `weights` and `kv_format` can have."""
    formats = _formats()
    return {
        "weights": tuple(each.name for each in formats.weights),
        "kv_format": tuple(each.name for each in formats.kv),
    }


def _named(formats: Iterable[T]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for form in formats:
        found.update(dict.fromkeys((form.name, *form.aliases), form))
    return found


def _unknown(what: str, name: str, known: Mapping[str, object]) -> Unknown:
    return Unknown(f"unknown {what} {name!r}", tuple(get_close_matches(name.lower(), known, n=3)))


@cache
def _formats() -> _Formats:
    text = files("sizer.catalog").joinpath("formats.toml").read_text("utf-8")
    return read_facts(text, _Formats)
