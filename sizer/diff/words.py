"""Differences in words, short enough for a line of a review."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from attrs import fields, has

from sizer.schema.facts.gpu import Price

LONGEST = 60
UNKNOWN = "unknown"


def field_differences(
    a: Any,
    b: Any,
    name: str = "",
    *,
    only: Collection[str] | None = None,
    unseen: Collection[str] = (),
) -> Iterator[str]:
    """Yield each field of two values of one class that differs, like `L4: tdp_w 72 -> 75`."""
    for each in fields(type(a)):
        mine, theirs = getattr(a, each.name), getattr(b, each.name)
        if mine == theirs or each.name in unseen or (only is not None and each.name not in only):
            continue
        if has(type(mine)) and type(mine) is type(theirs):
            yield from field_differences(
                mine, theirs, f"{name}: {each.name}" if name else each.name
            )
        else:
            start = f"{name}: " if name else ""
            yield f"{start}{each.name} {shown(mine)} -> {shown(theirs)}"


def gone_and_come(a: Collection[str], b: Collection[str]) -> Iterator[str]:
    """Yield names that only one side has."""
    yield from (f"without {name}" for name in a if name not in b)
    yield from (f"with {name}" for name in b if name not in a)


def price_words(price: Price | None) -> str:
    """Return a price with its provider and date."""
    if price is None:
        return UNKNOWN
    dated = f", as of {price.as_of}" if price.as_of else ""
    return f"{price.usd_per_gpu_hour:.4g} USD/h ({price.provider}{dated})"


def shown(value: Any) -> str:
    """Return a value as a review shows it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"
    if isinstance(value, tuple | Mapping):
        return _several(value) or "none"
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _several(values: tuple[Any, ...] | Mapping[str, Any]) -> str:
    if isinstance(values, Mapping):
        return ", ".join(f"{name} {shown(each)}" for name, each in values.items())
    if any(has(type(each)) for each in values):
        return f"{len(values)} of them"
    return ", ".join(shown(each) for each in values)
