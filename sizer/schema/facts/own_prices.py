"""The prices that a user has beside the catalog's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:  # most questions have none, and a check needs no accelerators
    from sizer.schema.facts.price import Price


@frozen
class OwnPrices:
    """A user's own prices, which go before the catalog's, and the oldest date that still counts."""

    prices: tuple[Price, ...] = ()
    since: str | None = None
