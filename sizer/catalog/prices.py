"""Prices by accelerator and provider: on demand, per accelerator and hour, dated.

One row for each provider: the size of instance that is cheapest per accelerator, in the provider's
first region of the USA where it tells regions apart. Sizes differ in processors and memory, so a
mean over them would price those. Estimates, spot prices and costs of ownership are left out.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from attrs import frozen

from sizer.schema.gpu import Price
from sizer.structure.facts import read_facts

UNDATED = "undated"


@frozen
class _PriceList:
    prices: tuple[Price, ...]


def prices_of(gpu: str) -> tuple[Price, ...]:
    """Return every price of an accelerator, by provider; `gpu` is the catalog's own name."""
    return tuple(price for price in _prices() if price.gpu == gpu)


def price(gpu: str, provider: str | None = None) -> Price | None:
    """Return the price at a provider; without one, the median over providers.

    None is unknown: nobody published a price. A median is as old as its oldest dated part and
    says how many parts have no date.
    """
    listed = prices_of(gpu)
    if provider is not None:
        return next((each for each in listed if each.provider == provider), None)
    if not listed:
        return None
    from statistics import median  # noqa: PLC0415  # slow to import, needless for one provider

    return Price(
        gpu,
        provider="median",
        usd_per_gpu_hour=median(each.usd_per_gpu_hour for each in listed),
        as_of=min((each.as_of for each in listed if each.as_of != UNDATED), default=UNDATED),
        basis=_basis(listed),
    )


@cache
def providers() -> tuple[str, ...]:
    """Return every provider that a price names."""
    return tuple(sorted({price.provider for price in _prices()}))


def _basis(listed: tuple[Price, ...]) -> str:
    names = ", ".join(each.provider for each in listed)
    several = f"median of {len(listed)} providers" if len(listed) > 1 else "one provider"
    undated = sum(each.as_of == UNDATED for each in listed)
    return f"{several}: {names}" + (f"; {undated} of them undated" if undated else "")


@cache
def _prices() -> tuple[Price, ...]:
    text = files("sizer.catalog").joinpath("prices.toml").read_text("utf-8")
    return read_facts(text, _PriceList).prices
