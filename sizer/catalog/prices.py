"""Prices by accelerator and provider: on demand, per accelerator and hour, dated."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from statistics import median

from attrs import frozen

from sizer.schema.gpu import Price
from sizer.structure.facts import read_facts


@frozen
class _PriceList:
    prices: tuple[Price, ...]


def prices_of(gpu: str) -> tuple[Price, ...]:
    """Return every price of an accelerator, by provider."""
    return tuple(price for price in _prices() if price.gpu == gpu)


def price(gpu: str, provider: str | None = None) -> Price | None:
    """Return the price at a provider; without one, the median over providers.

    None is unknown: nobody published a price. A median is as old as its oldest part.
    """
    listed = prices_of(gpu)
    if provider is not None:
        return next((each for each in listed if each.provider == provider), None)
    if not listed:
        return None
    dates = sorted(each.as_of for each in listed)
    return Price(
        gpu,
        provider="median",
        usd_per_gpu_hour=median(each.usd_per_gpu_hour for each in listed),
        as_of=dates[0],
        basis=f"median of {len(listed)} providers: {', '.join(each.provider for each in listed)}",
    )


@cache
def providers() -> tuple[str, ...]:
    """Return every provider that a price names."""
    return tuple(sorted({price.provider for price in _prices()}))


@cache
def _prices() -> tuple[Price, ...]:
    text = files("sizer.catalog").joinpath("prices.toml").read_text("utf-8")
    return read_facts(text, _PriceList).prices
