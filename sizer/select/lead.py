"""How many candidates share the first place of an order, and how many have no place in it."""

from __future__ import annotations

from math import isinf

from attrs import frozen

from sizer.expr.check import Policy


@frozen
class Lead:
    """The best ranks by the keys of a sort, how many candidates have them all, and the unranked.

    The first key of the sort is unknown of an unranked candidate: its rank is infinite.
    """

    ranks: tuple[float, ...] = ()
    count: int = 0
    unranked: int = 0

    def chooses(self, policy: Policy) -> bool:
        """Whether the best candidate may be chosen: what was asked for is known of it."""
        known = [not isinf(rank) for rank in self.ranks]
        return any(known) if policy.unasked_sort else any(known[:1])

    def joined(self, other: Lead) -> Lead:
        """Return the lead of the candidates of both."""
        unranked = self.unranked + other.unranked
        if not (self.ranks and other.ranks):
            return Lead(self.ranks or other.ranks, self.count + other.count, unranked)
        if self.ranks == other.ranks:
            return Lead(self.ranks, self.count + other.count, unranked)
        best = min(self, other, key=lambda each: each.ranks)
        return Lead(best.ranks, best.count, unranked)
