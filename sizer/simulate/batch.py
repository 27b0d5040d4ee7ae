"""The requests that an engine decodes.

A request's last step is known when it starts, and every step adds a token to each. So a step costs
the same however many there are: a heap of last steps, a sum of lengths, and for each place in a
block how many requests reach its border.
"""

from __future__ import annotations

from heapq import heappop, heappush

from attrs import define, field


@define(eq=False)
class Decoding:
    """One request: `length` tokens in the cache when it started at `step`, `left` to come."""

    request: int
    length: int
    step: int
    left: int


@define(eq=False)
class Batch:
    """All requests that decode, `count` of them; `length` is the sum of their tokens cached."""

    block_tokens: int
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
    def steps_to_end(self) -> int:
        """Steps until the first request ends."""
        while self._ends[0][1] not in self._live:
            heappop(self._ends)  # it was taken out
        return self._ends[0][0] - self.step

    @property
    def requests(self) -> list[int]:
        """The requests, in order of their start."""
        return [each.request for each in self._live.values()]

    def start(self, request: int, length: int, left: int) -> None:
        """Add a request whose prompt is read."""
        self._live[self._started] = Decoding(request, length, self.step, left)
        heappush(self._ends, (self.step + left, self._started))
        self._borders[(self.step - length) % self.block_tokens] += 1
        self.count += 1
        self.length += length
        self._started += 1

    def growth(self, steps: int = 1) -> int:
        """Return how many blocks so many steps need."""
        borders, size, first = self._borders, self.block_tokens, self.step
        if steps == 1:
            return borders[first % size]
        last = steps - 1
        return sum(
            borders[(first + place) % size] * ((last - place) // size + 1)
            for place in range(min(steps, size))
        )

    def advance(self, steps: int) -> None:
        """Give each request so many tokens."""
        self.step += steps
        self.length += self.count * steps

    def ended(self) -> list[Decoding]:
        """Take out the requests that have all their tokens."""
        found = []
        while self._ends and self._ends[0][0] <= self.step:
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
        self._borders[(found.step - found.length) % self.block_tokens] -= 1
        steps = self.step - found.step
        found.length += steps
        found.left -= steps
        self.length -= found.length
        return found
