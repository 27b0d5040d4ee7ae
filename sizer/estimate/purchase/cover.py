"""The cheapest set of instances that holds a number of replicas: a small integer optimum."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import field, frozen

Amount = tuple[int, int]  # micro-dollars an hour, instances: the fewer of sets that cost the same


@frozen
class Size:
    """An instance: how many replicas it holds, and what it costs in micro-dollars an hour."""

    holds: int
    micro_usd: int


@frozen(eq=False)
class Cover:
    """The cheapest covers of 0, 1, 2 ... replicas by instances of some sizes.

    `least[n] = min over sizes of (price + least[n - holds])`, with nothing below zero. Beyond
    `bound` one instance more of the `best` size, the cheapest per replica, covers `best.holds`
    replicas more: of any `best.holds` other instances some hold a multiple of `best.holds`
    together, which the best size holds for no more (the pigeonhole principle).
    """

    sizes: tuple[Size, ...]
    best: int = field(init=False)
    bound: int = field(init=False)
    _least: list[Amount] = field(factory=lambda: [(0, 0)], init=False)
    _taken: list[int] = field(factory=lambda: [-1], init=False)

    @best.default
    def _best(self) -> int:
        rates = [(Fraction(each.micro_usd, each.holds), -each.holds) for each in self.sizes]
        return rates.index(min(rates))

    @bound.default
    def _bound(self) -> int:
        return self.sizes[self.best].holds * max(each.holds for each in self.sizes)

    def micro_usd(self, replicas: int) -> int:
        """Return what the cheapest cover of so many replicas costs, in micro-dollars an hour."""
        more, rest = self._split(replicas)
        return self._at(rest)[0] + more * self.sizes[self.best].micro_usd

    def counts(self, replicas: int) -> dict[int, int]:
        """Return how many of which sizes the cheapest cover has, by their place in `sizes`."""
        more, rest = self._split(replicas)
        self._at(rest)
        found = {self.best: more} if more else {}
        while rest > 0:
            size = self._taken[rest]
            found[size] = found.get(size, 0) + 1
            rest -= self.sizes[size].holds
        return dict(sorted(found.items()))

    def _split(self, replicas: int) -> tuple[int, int]:
        """Return how many of the best size are certain, and the replicas that are left."""
        more = max(0, -(-(replicas - self.bound) // self.sizes[self.best].holds))
        return more, replicas - more * self.sizes[self.best].holds

    def _at(self, replicas: int) -> Amount:
        while len(self._least) <= replicas:
            amounts = [self._with(each, len(self._least)) for each in self.sizes]
            least = min(amounts)
            self._least.append(least)
            self._taken.append(amounts.index(least))
        return self._least[replicas]

    def _with(self, size: Size, replicas: int) -> Amount:
        usd, count = self._least[max(0, replicas - size.holds)]
        return usd + size.micro_usd, count + 1


def worthwhile(sizes: Sequence[Size]) -> list[int]:
    """Return the places of the sizes than which none holds as much for less."""
    order = sorted(range(len(sizes)), key=lambda at: (sizes[at].micro_usd, -sizes[at].holds, at))
    kept: list[int] = []
    for at in order:
        if all(sizes[at].holds > sizes[other].holds for other in kept):
            kept.append(at)
    return kept
