"""The requests that an engine decodes.

A request's last token is known when it starts, and every step adds as many tokens to each. So a
step costs the same however many there are: a heap of last tokens, a sum of lengths, and for each
place in a block how many requests reach its border.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import ceil

from attrs import define, field


@define(eq=False)
class Decoding:
    """One request: `length` tokens in the cache when it started at `clock`, `left` to come."""

    request: int
    length: int
    clock: int
    left: int


@define(eq=False)
class Batch:
    """All requests that decode, `count` of them; `length` is the sum of their tokens cached.

    After `step` steps each request has had `clock` tokens: `acceptance_length` a step in the mean,
    whole ones in each.
    """

    block_tokens: int
    acceptance_length: float = 1.0
    step: int = 0
    count: int = 0
    length: int = 0
    _live: dict[int, Decoding] = field(factory=dict)  # in order of their start
    _ends: list[tuple[int, int]] = field(factory=list)
    _started: int = 0
    _borders: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Start with nobody at any border."""
        self._borders = [0] * self.block_tokens

    @property
    def clock(self) -> int:
        """Tokens that a request had which decoded from the start."""
        return self._clock_at(self.step)

    @property
    def steps_to_end(self) -> int:
        """Steps until the first request ends."""
        while self._ends[0][1] not in self._live:
            heappop(self._ends)  # it was taken out
        last = self._ends[0][0]
        step = max(ceil(last / self.acceptance_length), self.step + 1)
        while self._clock_at(step) < last:
            step += 1
        return step - self.step

    @property
    def requests(self) -> list[int]:
        """The requests, in order of their start."""
        return [each.request for each in self._live.values()]

    def start(self, request: int, length: int, left: int) -> None:
        """Add a request whose prompt is read."""
        self._live[self._started] = Decoding(request, length, self.clock, left)
        heappush(self._ends, (self.clock + left, self._started))
        self._borders[(self.clock - length) % self.block_tokens] += 1
        self.count += 1
        self.length += length
        self._started += 1

    def growth(self, steps: int = 1) -> int:
        """Return how many blocks so many steps need."""
        borders, size, first = self._borders, self.block_tokens, self.clock
        tokens = self._clock_at(self.step + steps) - first
        if tokens == 1:
            return borders[first % size]
        last = tokens - 1
        return sum(
            borders[(first + place) % size] * ((last - place) // size + 1)
            for place in range(min(tokens, size))
        )

    def advance(self, steps: int) -> None:
        """Give each request the tokens of so many steps."""
        before = self.clock
        self.step += steps
        self.length += self.count * (self.clock - before)

    def ended(self) -> list[Decoding]:
        """Take out the requests that have all their tokens."""
        found = []
        while self._ends and self._ends[0][0] <= self.clock:
            number = heappop(self._ends)[1]
            if number in self._live:
                found.append(self._taken(number))
        return found

    def youngest(self) -> Decoding:
        """Take out the request that started last."""
        return self._taken(next(reversed(self._live)))

    def _taken(self, number: int) -> Decoding:
        """Take a request out; its length and what is left of its answer are those of now."""
        found = self._live.pop(number)
        self.count -= 1
        self._borders[(found.clock - found.length) % self.block_tokens] -= 1
        tokens = self.clock - found.clock
        found.length += tokens
        found.left -= tokens
        self.length -= found.length
        return found

    def _clock_at(self, step: int) -> int:
        return int(step * self.acceptance_length)
