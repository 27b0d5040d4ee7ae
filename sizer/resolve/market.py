"""Where prices come from."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from sizer.catalog.prices import counting
from sizer.resolve.facts import Facts
from sizer.schema.asked.owned import Owned
from sizer.schema.facts.price import Price, Terms


@frozen
class Market:
    """Where prices come from: what is owned, then own prices, then the catalog's on some terms."""

    terms: Terms
    own: tuple[Price, ...]
    facts: Facts
    owned: Mapping[str, tuple[Owned, ...]] = field(factory=dict)

    def sells(self, gpu: str) -> bool:
        """Return whether anybody says what an accelerator of the catalog costs."""
        return gpu in self.owned or bool(self.prices(gpu))

    def prices(self, gpu: str) -> tuple[Price, ...]:
        """Return what is sold of an accelerator of the catalog; nothing where nobody says."""
        return self.own_prices(gpu) or self.facts.prices(gpu, self.terms)

    def own_prices(self, gpu: str) -> tuple[Price, ...]:
        """Return what the user's own files say is sold of an accelerator."""
        return counting((each for each in self.own if each.gpu == gpu), self.terms)


def told(terms: Terms) -> str:
    """Return terms in words, like ` from aws in us-east-1 as spot`; empty for the usual ones."""
    said = [
        f" from {terms.provider}" if terms.provider else "",
        f" in {terms.region}" if terms.region else "",
        f" as {terms.term}" if terms.term != "on_demand" else "",
        f" since {terms.since}" if terms.since else "",
    ]
    return "".join(said)
