"""Where prices come from."""

from __future__ import annotations

from attrs import frozen

from sizer.catalog.prices import counting
from sizer.resolve.facts import Facts
from sizer.schema.facts.price import Price, Terms


@frozen
class Market:
    """Where prices come from: a user's own first, then the catalog's, all on the same terms."""

    terms: Terms
    own: tuple[Price, ...]
    facts: Facts

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
