"""Prices as they are sold: instances by provider, region and term, dated where their source is.

`prices/` has a file for each provider, named as it is. Each `[[offers]]` there is what one source
says of one region and term, with a line for each instance. A price of a single accelerator stands
for those that are sold one by one. Of a provider whose prices differ by region there is the first
region of the USA that sells an instance. Estimates and costs of ownership are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from attrs import frozen

from sizer.schema.asked.profile import Term
from sizer.schema.facts.price import UNDATED, Price, Quote, Terms, quoted
from sizer.structure.facts import read_facts

FOLDER = Path(__file__).with_name("prices")
ANY = Terms()


@frozen
class _Instance:
    """What is sold; without `gpus` one accelerator of those that are sold one by one."""

    gpu: str
    name: str = ""
    gpus: int | None = None
    vcpus: float | None = None
    memory_gib: float | None = None
    usd_per_hour: float | None = None
    usd_per_gpu_hour: float | None = None


@frozen
class _Offers:
    """What one source says of one region, or several as `us-1 / us-2`, on one term."""

    source: str
    instances: tuple[_Instance, ...]
    region: str = ""
    term: Term = "on_demand"
    as_of: str = UNDATED


@frozen
class _PriceList:
    offers: tuple[_Offers, ...]


def prices_of(gpu: str) -> tuple[Price, ...]:
    """Return every price of an accelerator; `gpu` is the catalog's own name."""
    return tuple(price for price in _prices() if price.gpu == gpu)


def prices_on(gpu: str, terms: Terms) -> tuple[Price, ...]:
    """Return what is sold of an accelerator on some terms; `gpu` is the catalog's own name."""
    return counting(prices_of(gpu), terms)


def price(gpu: str, terms: Terms = ANY) -> Quote | None:
    """Return what one accelerator comes to at each provider. None is unknown: nobody says."""
    return quoted(prices_on(gpu, terms))


def counting(listed: Iterable[Price], terms: Terms) -> tuple[Price, ...]:
    """Return those of some prices that count on some terms."""
    return tuple(each for each in listed if _counts(each, terms))


@cache
def regions() -> tuple[str, ...]:
    """Return every region that a price of the catalog names."""
    return tuple(sorted({name for each in _prices() for name in _regions(each)} - {""}))


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
    if region is None or not price.region:
        return True
    return any(same(region, each) for each in _regions(price))


def _regions(price: Price) -> list[str]:
    return price.region.split(" / ")


@cache
def providers() -> tuple[str, ...]:
    """Return every provider that a price names, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def gpus_from(provider: str) -> tuple[str, ...]:
    """Return every accelerator of which a provider has a price, on any terms, sorted."""
    known = (each for name in providers() if same(name, provider) for each in _sold_by(name))
    return tuple(sorted({price.gpu for price in known}))


@cache
def _prices() -> tuple[Price, ...]:
    return tuple(each for provider in providers() for each in _sold_by(provider))


@cache
def _sold_by(provider: str) -> tuple[Price, ...]:
    text = (FOLDER / f"{provider}.toml").read_text("utf-8")
    return tuple(_read(provider, read_facts(text, _PriceList)))


def _read(provider: str, listed: _PriceList) -> Iterator[Price]:
    """Yield a price for each instance. Raises ValueError for one that has no single price."""
    for offers in listed.offers:
        for each in offers.instances:
            asked = each.usd_per_gpu_hour if each.gpus is None else each.usd_per_hour
            if asked is None:
                raise ValueError(f"{provider}: {each.name or each.gpu} has no price")
            yield Price(
                gpu=each.gpu,
                provider=provider,
                usd_per_hour=asked,
                as_of=offers.as_of,
                region=offers.region,
                source=offers.source,
                term=offers.term,
                gpus=each.gpus,
                instance=each.name,
                vcpus=each.vcpus,
                memory_gib=each.memory_gib,
            )
