"""What an hour of accelerators costs: by the instance as it is sold, or one by one."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from attrs import frozen

from sizer.schema.asked.profile import Term

UNDATED = "undated"
BY_HAND = "profile"  # in place of a provider: the profile says what it costs
OWNED = "owned"  # the same: the profile says what it costs to own


@frozen
class Terms:
    """Which prices count.

    `since` is a date (ISO 8601): what is older, or has no date, does not count.
    """

    provider: str | None = None
    region: str | None = None
    term: Term = "on_demand"
    since: str | None = None


@frozen
class Price:
    """What one hour of an instance costs in US dollars, where and when.

    `gpus` counts the accelerators of one instance; None says that they are sold one by one, each at
    `usd_per_hour`. `as_of` is a date (ISO 8601) or `undated`. Without a region it holds everywhere.
    """

    gpu: str
    provider: str
    usd_per_hour: float
    as_of: str
    region: str = ""
    basis: str = ""
    source: str = ""
    term: Term = "on_demand"
    gpus: int | None = None
    instance: str = ""
    vcpus: float | None = None
    memory_gib: float | None = None

    @property
    def usd_per_gpu_hour(self) -> float:
        """What one of its accelerators comes to."""
        return self.usd_per_hour / (self.gpus or 1)

    @property
    def dated(self) -> bool:
        """Whether the price says of which day it is; what a profile says needs none."""
        return self.as_of != UNDATED

    @property
    def holds(self) -> float:
        """How many accelerators one server of it has at most."""
        return inf if self.gpus is None else self.gpus

    def counts_since(self, since: str) -> bool:
        """Return whether the price has a date, and that is not before another (ISO 8601)."""
        return self.dated and self.as_of >= since


@frozen
class Quote:
    """What one accelerator comes to at each provider, cheapest first: never empty.

    Each provider stands there once, with the instance that is cheapest per accelerator.
    """

    prices: tuple[Price, ...]

    @property
    def middle(self) -> Price:
        """The median; of an even number the lower of the middle two, so that somebody asks it."""
        return self.prices[middle_of(self.prices)]

    @property
    def lowest(self) -> Price:
        """The cheapest."""
        return self.prices[0]

    @property
    def highest(self) -> Price:
        """The dearest."""
        return self.prices[-1]

    @property
    def undated(self) -> int:
        """How many have no date."""
        return sum(not each.dated for each in self.prices)


def middle_of(sorted_values: Sequence[object]) -> int:
    """Return the place of the median; of an even number that of the lower of the middle two."""
    return (len(sorted_values) - 1) // 2


def quoted(prices: Sequence[Price]) -> Quote | None:
    """Return what one accelerator comes to at each provider; None if nobody sells one."""
    cheapest: dict[str, Price] = {}
    for each in sorted(prices, key=_by_accelerator):
        cheapest.setdefault(each.provider.casefold(), each)
    return Quote(tuple(cheapest.values())) if cheapest else None


def _by_accelerator(price: Price) -> tuple[float, str, float, str]:
    return price.usd_per_gpu_hour, price.provider, price.usd_per_hour, price.instance
