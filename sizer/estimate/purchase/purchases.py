"""The cheapest whole instances of each provider for what a deployment needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from attrs import frozen

from sizer.estimate.purchase.cover import Cover, Size, worthwhile
from sizer.schema.facts.price import Price, middle_of
from sizer.schema.facts.purchase import Lot, Need, Part, Purchase, Purchases

MICRO = 1_000_000


@frozen(eq=False)
class Seller:
    """A provider's instances in one region that hold a part of a replica, and their covers."""

    prices: tuple[Price, ...]
    cover: Cover

    def purchase(self, need: Need) -> Purchase:
        """Return the cheapest set that holds a need."""
        units = need.parts
        taken = self.cover.counts(units)
        lots = tuple(_lot(self.prices[at], count, need.part) for at, count in taken.items())
        return Purchase(lots, self.cover.micro_usd(units) / MICRO, need.used)


def purchases(prices: Sequence[Price], need: Need) -> Purchases | None:
    """Return what a need comes to at each provider that holds it; None if none does, or is known.

    A provider stands there once, with its cheapest region.
    """
    found = [each.purchase(need) for each in _sellers(tuple(prices), need.part)]
    cheapest: dict[str, Purchase] = {}
    for each in sorted(found, key=_by_cost):
        cheapest.setdefault(each.provider.casefold(), each)
    return Purchases(tuple(cheapest.values())) if cheapest else None


def usd_per_hour(prices: tuple[Price, ...], need: Need) -> float | None:
    """Return what `purchases` says that counts, without what is bought; None is unknown."""
    units = need.parts
    least: dict[str, int] = {}
    for each in _sellers(prices, need.part):
        usd, provider = each.cover.micro_usd(units), each.prices[0].provider.casefold()
        least[provider] = min(usd, least.get(provider, usd))
    asked = sorted(least.values())
    return asked[middle_of(asked)] / MICRO if asked else None


@lru_cache(maxsize=4096)
def _sellers(prices: tuple[Price, ...], part: Part) -> tuple[Seller, ...]:
    """Return who sells what holds a part of a replica."""
    by_place: dict[tuple[str, str], list[Price]] = {}
    for each in prices:
        if each.holds >= part.accelerators:
            by_place.setdefault((each.provider.casefold(), each.region), []).append(each)
    return tuple(_seller(sold, part) for sold in by_place.values())


def _seller(prices: Sequence[Price], part: Part) -> Seller:
    sizes = [_size(each, part) for each in prices]
    kept = worthwhile(sizes)
    return Seller(tuple(prices[at] for at in kept), Cover(tuple(sizes[at] for at in kept)))


def _size(price: Price, part: Part) -> Size:
    """Return an instance; of accelerators that are sold one by one, as many as a part takes."""
    if price.gpus is None:
        usd = price.usd_per_hour * part.accelerators
        return Size(part.among(part.accelerators), round(usd * MICRO))
    return Size(part.among(price.gpus), round(price.usd_per_hour * MICRO))


def _lot(price: Price, count: int, part: Part) -> Lot:
    return Lot(price, count * part.accelerators if price.gpus is None else count)


def _by_cost(purchase: Purchase) -> tuple[float, str, str]:
    return purchase.usd_per_hour, purchase.provider, purchase.region
