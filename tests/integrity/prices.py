"""Prices: dated, of known accelerators, and in proportion to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from statistics import median

from integrity.catalog import Offences, data, gpus

from sizer.catalog.prices import prices_of
from sizer.schema.facts.price import UNDATED, Price

FACTOR = 4.0
LEAST_PER_GPU = 0.85
MOST_PER_GPU = 3.0


def prices_have_dates() -> Offences:
    """A date is one of the calendar, not before the accelerator's year nor after the newest source.

    Exact. A price without a date says so.
    """
    newest = date.fromisoformat(data("providers")["newest_source"])
    years = {gpu.name: gpu.launch_year or 0 for gpu in gpus()}
    for price in _prices():
        if price.as_of == UNDATED:
            continue
        day = _day(price.as_of)
        if day is None or day > newest or day.year < years[price.gpu]:
            yield _name(price), f"as of {price.as_of}"


def prices_have_sources() -> Offences:
    """A price has a source, and costs more than nothing. Exact."""
    for price in _prices():
        if not price.source or price.usd_per_hour <= 0 or (price.gpus or 1) < 1:
            yield _name(price), f"{price.usd_per_hour} USD from {price.source!r}"


def providers_are_known() -> Offences:
    """A provider is one of those in data/providers.toml, so that none has two names. Exact."""
    known = data("providers")["providers"]
    for price in _prices():
        if price.provider not in known:
            yield _name(price), f"provider {price.provider!r}"


def instances_are_sold_once() -> Offences:
    """No instance has two prices in one region on one term. Exact."""
    seen: set[tuple[str, str, str, str]] = set()
    for price in _prices():
        key = (price.provider, price.instance, price.region, price.term)
        if price.instance and key in seen:
            yield _name(price), f"two prices in {price.region or 'all regions'}, {price.term}"
        seen.add(key)


def counts_are_in_names() -> Offences:
    """The accelerators of an instance are as many as its name says, if it says so. Exact.

    Source: each provider's way to name instances, in data/providers.toml.
    """
    for price in _prices():
        pattern = data("providers")["providers"].get(price.provider, "")
        told = re.search(pattern, price.instance) if pattern and price.instance else None
        if told and price.gpus is not None and int(told[1] or 1) != price.gpus:
            yield _name(price), f"{price.gpus} accelerators, its name says {told[1]}"


def bigger_instances_cost_in_proportion() -> Offences:
    """An accelerator of a bigger instance costs 0.85 to 3 times one of the cheapest smaller.

    More processors and memory make it dearer, up to twice on AWS; nobody gives much away.
    """
    for (provider, gpu, *_), sold in _alike():
        sizes = sorted((each for each in sold if each.gpus), key=lambda each: each.gpus or 0)
        for price in sizes:
            smaller = [each for each in sizes if (each.gpus or 0) < (price.gpus or 0)]
            if not smaller:
                continue
            least = min(each.usd_per_gpu_hour for each in smaller)
            ratio = price.usd_per_gpu_hour / least
            if not LEAST_PER_GPU <= ratio <= MOST_PER_GPU:
                said = f"{price.usd_per_gpu_hour:.3f} USD for each {gpu}, smaller ones {least:.3f}"
                yield _name(price), f"{said} at {provider}"


def prices_are_near_their_median() -> Offences:
    """The cheapest offer of each provider is within four times the median of all. On each term."""
    for gpu in gpus():
        cheapest: dict[tuple[str, str], Price] = {}
        for price in sorted(prices_of(gpu.name), key=lambda each: each.usd_per_gpu_hour):
            cheapest.setdefault((price.term, price.provider), price)
        for term in sorted({term for term, _ in cheapest}):
            sold = [price for (of, _), price in cheapest.items() if of == term]
            middle = median(each.usd_per_gpu_hour for each in sold)
            for price in sold:
                if not 1 / FACTOR <= price.usd_per_gpu_hour / middle <= FACTOR:
                    said = f"{price.usd_per_gpu_hour:.3f} USD for each, the median {middle:.3f}"
                    yield _name(price), f"{said} ({term})"


def terms_are_in_order() -> Offences:
    """Spot and reserved cost no more than the same instance on demand in its region. Exact."""
    listed = {
        (each.provider, each.instance, each.region): each.usd_per_hour
        for each in _prices()
        if each.instance and each.term == "on_demand"
    }
    for price in _prices():
        usual = listed.get((price.provider, price.instance, price.region))
        if price.term in {"spot", "reserved"} and usual and price.usd_per_hour > usual:
            yield _name(price), f"{price.usd_per_hour} USD {price.term}, {usual} on demand"


def _prices() -> Iterator[Price]:
    return (price for gpu in gpus() for price in prices_of(gpu.name))


def _alike() -> Iterator[tuple[tuple[str, str, str, str], list[Price]]]:
    """Yield what differs in its size alone: one provider, accelerator, region and term."""

    def key(price: Price) -> tuple[str, str, str, str]:
        return price.provider, price.gpu, price.region, price.term

    for alike, sold in groupby(sorted(_prices(), key=key), key=key):
        yield alike, list(sold)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _name(price: Price) -> str:
    return f"{price.provider} {price.instance or price.gpu}"


CHECKS = (
    prices_have_dates,
    prices_have_sources,
    providers_are_known,
    instances_are_sold_once,
    counts_are_in_names,
    bigger_instances_cost_in_proportion,
    prices_are_near_their_median,
    terms_are_in_order,
)
