"""The cache of one engine in blocks: what requests hold, and prefixes that are kept for others."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from attrs import define, field


@define(eq=False)
class Cache:
    """Blocks of one attention group.

    A prefix is held once for all requests that have it, in parts of `part_blocks`. Parts that
    nobody holds stay until their room is needed, the least recently used going first.
    """

    blocks: int
    part_blocks: int = 0
    used: int = 0
    _held: dict[int, int] = field(factory=dict)  # part -> requests that hold it
    _kept: OrderedDict[int, None] = field(factory=OrderedDict)

    @property
    def room(self) -> int:
        """Blocks that no request holds."""
        return self.blocks - self.used

    @property
    def kept(self) -> int:
        """Blocks of parts that are kept, though no request holds them."""
        return len(self._kept) * self.part_blocks

    @property
    def free(self) -> int:
        """Blocks with nothing in them."""
        return self.blocks - self.used - self.kept

    def found(self, parts: Sequence[int]) -> int:
        """Return how many leading parts are in the cache."""
        held, kept = self._held, self._kept
        for number, part in enumerate(parts):
            if part not in held and part not in kept:
                return number
        return len(parts)

    def unheld(self, parts: Sequence[int]) -> int:
        """Return how many of some parts nobody holds."""
        return sum(part not in self._held for part in parts)

    def take(self, blocks: int) -> None:
        """Give blocks to requests."""
        self.used += blocks
        if self._kept:
            self._shrink()

    def hold(self, parts: Sequence[int]) -> None:
        """Hold parts for one more request."""
        for part in parts:
            count = self._held.get(part, 0)
            if not count:
                self._kept.pop(part, None)
                self.used += self.part_blocks
            self._held[part] = count + 1
        self._shrink()

    def drop(self, parts: Sequence[int]) -> None:
        """Hold parts for one request less; the last ones of a prefix go first."""
        for part in reversed(parts):
            count = self._held.pop(part) - 1
            if count:
                self._held[part] = count
            else:
                self.used -= self.part_blocks
                self._kept[part] = None

    def _shrink(self) -> None:
        while self._kept and self.free < 0:
            self._kept.popitem(last=False)
