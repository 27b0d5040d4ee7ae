"""Items that are made when they are read: however many there are, few are held at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import eq
from typing import Any, TypeVar, overload

from attrs import frozen

Item = TypeVar("Item")
Made = TypeVar("Made")
Block = Callable[[range], Sequence[Item]]


@frozen(eq=False, repr=False)
class Series(Sequence[Item]):
    """A sequence of `length` items; `block` makes those of some numbers, each time anew.

    It equals every sequence of the same items.
    """

    length: int
    block: Block[Item]
    at_a_time: int = 512

    @classmethod
    def of(cls, items: Sequence[Item]) -> Series[Item]:
        """Return the series of items that are there."""
        return items if isinstance(items, Series) else cls(len(items), partial(_some, items))

    def __len__(self) -> int:
        """Return the number of items."""
        return self.length

    def __iter__(self) -> Iterator[Item]:
        """Yield all items, a block of them at a time."""
        for begin in range(0, self.length, self.at_a_time):
            yield from self.block(range(begin, min(begin + self.at_a_time, self.length)))

    @overload
    def __getitem__(self, number: int) -> Item: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Item]: ...
    def __getitem__(self, number: int | slice) -> Item | Sequence[Item]:
        """Return an item, or several. Raises IndexError for one that is not there."""
        numbers = range(self.length)[number]
        if isinstance(numbers, range):
            return tuple(self.block(numbers))
        return self.block(range(numbers, numbers + 1))[0]

    def __eq__(self, other: object) -> bool:
        """Return whether another sequence has the same items."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        """Return the hash of the items."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Return the items as a tuple shows them."""
        return repr(tuple(self))

    def mapped(self, change: Callable[[Item], Made]) -> Series[Made]:
        """Return a series of what is made of each item."""
        return Series(self.length, partial(_changed, self.block, change), self.at_a_time)


def _some(items: Sequence[Item], numbers: range) -> Sequence[Item]:
    return [items[number] for number in numbers]


def _changed(
    block: Callable[[range], Sequence[Any]], change: Callable[[Any], Made], numbers: range
) -> Sequence[Made]:
    return [change(each) for each in block(numbers)]
