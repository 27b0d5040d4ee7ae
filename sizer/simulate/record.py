"""What happens in a run, as it happens: no statistic is computed here."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from attrs import define, field

from sizer.schema.facts.requests import Requests


@define(eq=False)
class Record:
    """Times of requests, gaps between their tokens, and when engines were idle."""

    requests: Requests
    inputs: list[int] = field(init=False)
    outputs: list[int] = field(init=False)
    prefixes: Sequence[Sequence[int]] = field(init=False)
    sent_s: list[float] = field(init=False)
    ready_s: list[float] = field(init=False)
    read_s: list[float] = field(init=False)
    first_s: list[float] = field(init=False)
    last_s: list[float] = field(init=False)
    late_s: list[float] = field(init=False)
    replica: list[int] = field(init=False)
    evictions: dict[int, int] = field(factory=dict)
    resent: dict[int, int] = field(factory=dict)
    lost: set[int] = field(factory=set)
    gap_s: array[float] = field(factory=lambda: array("d"))
    gap_count: array[int] = field(factory=lambda: array("q"))
    idle_s: list[tuple[float, float]] = field(factory=list)
    ended_s: list[float] = field(factory=list)
    listening: bool = False  # whether `ended_s` is read

    def __attrs_post_init__(self) -> None:
        """Start with nothing known of any request."""
        asked, count = self.requests, len(self.requests)
        self.inputs = asked.input_tokens.tolist()
        self.outputs = asked.output_tokens.tolist()
        self.prefixes = asked.prefixes
        self.sent_s = [math.nan] * count
        self.ready_s = [math.nan] * count
        self.read_s = [math.nan] * count
        self.first_s = [math.nan] * count
        self.last_s = [math.nan] * count
        self.late_s = [0.0] * count
        self.replica = [-1] * count

    def gap(self, seconds: float, count: int) -> None:
        """So many tokens came so long after the ones before."""
        self.gap_s.append(seconds)
        self.gap_count.append(count)

    def queued(self, request: int, at_s: float) -> None:
        """A step begins that a request could be in, if it had a place."""
        self.ready_s[request] = at_s

    def taken_in(self, request: int, at_s: float) -> None:
        """A prompt begins to be read."""
        self.read_s[request] = at_s

    def first(self, request: int, at_s: float, late_s: float) -> None:
        """A request's first token is made; its tokens are out so much later than they are made."""
        self.first_s[request] = at_s
        self.late_s[request] = late_s

    def last(self, request: int, at_s: float) -> None:
        """A request has its last token."""
        self.last_s[request] = at_s
        self._end(at_s + self.late_s[request])

    def lose(self, request: int, at_s: float) -> None:
        """A request was refused, or nobody is left to take it."""
        self.lost.add(request)
        self._end(at_s)

    def _end(self, at_s: float) -> None:
        if self.listening:
            self.ended_s.append(at_s)

    def taken_out(self, request: int) -> None:
        """A request lost its place in a full cache."""
        self.evictions[request] = self.evictions.get(request, 0) + 1

    def idle(self, from_s: float, to_s: float) -> None:
        """An engine had nothing to do."""
        self.idle_s.append((from_s, to_s))
