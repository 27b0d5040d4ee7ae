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

    @property
    def place(self) -> tuple[str, str]:
        """Who sells them, and where."""
        return self.prices[0].provider.casefold(), self.prices[0].region

    def purchase(self, need: Need) -> Purchase:
        """Return the cheapest set that holds a need."""
        units = need.parts
        taken = self.cover.counts(units)
        lots = tuple(_lot(self.prices[at], count, need.part) for at, count in taken.items())
        return Purchase(lots, self.cover.micro_usd(units) / MICRO, need.used)


def purchases(prices: Sequence[Price], *needs: Need) -> Purchases | None:
    """Return what needs come to at each provider that holds them; None if none does, or is known.

    A provider stands there once, with its cheapest region. What differs in size has instances of
    its own.
    """
    found = [
        _together([seller.purchase(need) for seller, need in zip(each, needs, strict=True)])
        for each in _of_all(tuple(prices), needs)
    ]
    cheapest: dict[str, Purchase] = {}
    for each in sorted(found, key=_by_cost):
        cheapest.setdefault(each.provider.casefold(), each)
    return Purchases(tuple(cheapest.values())) if cheapest else None


def usd_per_hour(prices: tuple[Price, ...], *needs: Need) -> float | None:
    """Return what `purchases` says that counts, without what is bought; None is unknown."""
    least: dict[str, int] = {}
    for each in _of_all(prices, needs):
        parts = (at.cover.micro_usd(need.parts) for at, need in zip(each, needs, strict=True))
        usd, provider = sum(parts), each[0].place[0]
        least[provider] = min(usd, least.get(provider, usd))
    asked = sorted(least.values())
    return asked[middle_of(asked)] / MICRO if asked else None


def _of_all(prices: tuple[Price, ...], needs: Sequence[Need]) -> list[tuple[Seller, ...]]:
    """Return who sells what holds each of some needs, by place."""
    first, *others = ({s.place: s for s in _sellers(prices, need.part)} for need in needs)
    return [
        (seller, *(each[place] for each in others))
        for place, seller in first.items()
        if all(place in each for each in others)
    ]


def _together(bought: Sequence[Purchase]) -> Purchase:
    """Return several purchases at one place as one."""
    lots = tuple(lot for each in bought for lot in each.lots)
    return Purchase(lots, sum(each.usd_per_hour for each in bought), sum(e.used for e in bought))


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
