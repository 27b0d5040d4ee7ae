"""Prices by accelerator and provider: on demand, per accelerator and hour, dated.

One row for each provider: the size of instance that is cheapest per accelerator, in the provider's
first region of the USA where it tells regions apart. Sizes differ in processors and memory, so a
mean over them would price those. Estimates, spot prices and costs of ownership are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from attrs import frozen

from sizer.schema.facts.gpu import MEDIAN, UNDATED, Price, Terms
from sizer.structure.facts import read_facts

EVERYWHERE = "all regions equal"
ANY = Terms()


@frozen
class _PriceList:
    prices: tuple[Price, ...]


def prices_of(gpu: str) -> tuple[Price, ...]:
    """Return every price of an accelerator, by provider; `gpu` is the catalog's own name."""
    return tuple(price for price in _prices() if price.gpu == gpu)


def price(gpu: str, terms: Terms = ANY) -> Price | None:
    """Return the catalog's price of an accelerator. None is unknown: nobody published one."""
    return counted(prices_of(gpu), terms)


def counted(listed: Iterable[Price], terms: Terms) -> Price | None:
    """Return what one accelerator's prices come to on some terms, None if none of them counts.

    It is the only one that counts, else the median of all that do. A median is as old as its oldest
    dated part and says how many parts have no date.
    """
    kept = [each for each in listed if _counts(each, terms)]
    if not kept:
        return None
    if len(kept) == 1:
        return kept[0]
    from statistics import median  # noqa: PLC0415  # slow to import, needless for one price

    return Price(
        kept[0].gpu,
        provider=kept[0].provider if len({each.provider for each in kept}) == 1 else MEDIAN,
        usd_per_gpu_hour=median(each.usd_per_gpu_hour for each in kept),
        as_of=min((each.as_of for each in kept if each.as_of != UNDATED), default=UNDATED),
        region=terms.region or "",
        basis=_basis(kept),
        term=terms.term,
    )


def regions() -> tuple[str, ...]:
    """Return every region that a price of the catalog names."""
    named = {name for each in _prices() for name in _regions(each)}
    return tuple(sorted(name for name in named if " " not in name))


def _counts(price: Price, terms: Terms) -> bool:
    return (
        (terms.provider is None or same(terms.provider, price.provider))
        and terms.term == price.term
        and _holds_in(price, terms.region)
        and (terms.since is None or price.counts_since(terms.since))
    )


def same(name: str, other: str) -> bool:
    """Return whether two names of a provider or a region are one, in any case."""
    return name.casefold() == other.casefold()


def _holds_in(price: Price, region: str | None) -> bool:
    if region is None or price.region in {"", EVERYWHERE}:
        return True
    return any(same(region, each) for each in _regions(price))


def _regions(price: Price) -> list[str]:
    return price.region.split(" / ")


@cache
def providers() -> tuple[str, ...]:
    """Return every provider that a price names."""
    return tuple(sorted({price.provider for price in _prices()}))


def gpus_from(provider: str) -> tuple[str, ...]:
    """Return every accelerator of which a provider has a price, on any terms, sorted."""
    return tuple(sorted({price.gpu for price in _prices() if same(price.provider, provider)}))


def _basis(listed: Sequence[Price]) -> str:
    providers = list(dict.fromkeys(each.provider for each in listed))
    names = ", ".join(providers)
    several = f"median of {len(providers)} providers" if len(providers) > 1 else "one provider"
    if len(listed) > len(providers):
        several = f"median of {len(listed)} prices"
    undated = sum(each.as_of == UNDATED for each in listed)
    return f"{several}: {names}" + (f"; {undated} of them undated" if undated else "")


@cache
def _prices() -> tuple[Price, ...]:
    text = Path(__file__).with_name("prices.toml").read_text("utf-8")
    return read_facts(text, _PriceList).prices
