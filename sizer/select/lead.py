"""How many candidates share the first place of an order, and how many have no place in it."""

from __future__ import annotations

from math import isinf

from attrs import frozen


@frozen
class Lead:
    """The best ranks by the keys of a sort, how many candidates have them all, and the unranked.

    The first key of the sort is unknown of an unranked candidate: its rank is infinite.
    """

    ranks: tuple[float, ...] = ()
    count: int = 0
    unranked: int = 0

    @property
    def is_known(self) -> bool:
        """Whether the first key of the sort is known of the best candidate."""
        return bool(self.ranks) and not isinf(self.ranks[0])

    def joined(self, other: Lead) -> Lead:
        """Return the lead of the candidates of both."""
        unranked = self.unranked + other.unranked
        if not (self.ranks and other.ranks):
            return Lead(self.ranks or other.ranks, self.count + other.count, unranked)
        if self.ranks == other.ranks:
            return Lead(self.ranks, self.count + other.count, unranked)
        best = min(self, other, key=lambda each: each.ranks)
        return Lead(best.ranks, best.count, unranked)
