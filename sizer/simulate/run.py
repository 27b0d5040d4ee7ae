"""One run: requests come by a clock, or when users have their answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from heapq import heappop, heappush

from attrs import define

from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.simulate.house import Failure, House
from sizer.simulate.record import Record

Progress = Callable[[int, int], None]
TOLD_EVERY = 4096  # requests


def silent(done: int, total: int) -> None:
    """Report no progress."""


def run(
    times: StepTimes,
    requests: Requests,
    *,
    routed: str = "round_robin",
    failures: Iterable[Failure] = (),
    until_s: float = math.inf,
    progress: Progress = silent,
) -> Record:
    """Serve requests to their end, or until a time, and return what happened.

    Chance has no part in it: it is all in the columns of `requests`. Of requests in a replica that
    fails nothing is left; they are sent to the others, which read their prompts again.
    """
    house = House.of(times, requests, routed, failures)
    serve(house, until_s, progress)
    return house.record


def serve(house: House, until_s: float = math.inf, progress: Progress = silent) -> None:
    """Let requests come to a house of engines until a time, and see what happens."""
    if house.record.requests.users is None:
        _open(house, until_s, progress)
    else:
        _closed(house, until_s, progress)
    house.settle(until_s)
    house.rest()


def _open(house: House, until_s: float, progress: Progress) -> None:
    """Send requests when they come."""
    arrivals = house.record.requests.arrival_s.tolist()
    for request, at_s in enumerate(arrivals):
        if at_s >= until_s:
            break
        if house.failures:
            house.fail_until(at_s)
        house.send(request, at_s)
        if request % TOLD_EVERY == 0:
            progress(request, len(arrivals))


def _closed(house: House, until_s: float, progress: Progress) -> None:
    """Send as many requests as there are users at once, and each next one after an answer."""
    record = house.record
    record.listening = True
    total = len(record.inputs)
    users = _Users.of(record.requests, total)
    while True:
        at_s = min(users.next_s, house.next_failure_s, until_s)
        _advance_to(house, at_s)
        if record.ended_s:
            for ended_s in record.ended_s:
                users.answered(ended_s + house.overhead_s)
            record.ended_s.clear()
        elif at_s >= until_s:
            return
        elif house.next_failure_s <= at_s:
            house.fail_until(at_s)
        else:
            request = users.sent()
            house.send(request, at_s)
            if request % TOLD_EVERY == 0:
                progress(request, total)


@define(eq=False)
class _Users:
    """Who send a request, read the answer and think."""

    think_s: list[float]
    coming: list[tuple[float, int]]  # a heap of requests by their time
    following: int  # the next request that nobody has thought of

    @classmethod
    def of(cls, requests: Requests, total: int) -> _Users:
        """Return users who all send their first request at once."""
        first = min(requests.users or 1, total)
        think_s = [0.0] * total if requests.think_s is None else requests.think_s.tolist()
        return cls(think_s, [(0.0, request) for request in range(first)], first)

    @property
    def next_s(self) -> float:
        """When the next request comes."""
        return self.coming[0][0] if self.coming else math.inf

    def sent(self) -> int:
        """Return the request that comes next; it is no longer coming."""
        return heappop(self.coming)[1]

    def answered(self, at_s: float) -> None:
        """Let the user of an answer think of the next request, if there is one left."""
        if self.following < len(self.think_s):
            heappush(self.coming, (at_s + self.think_s[self.following], self.following))
            self.following += 1


def _advance_to(house: House, at_s: float) -> None:
    """Let engines go on until a time or until a request ends.

    The one that is behind goes first, and only until it meets the next: an answer of one brings a
    request that another may get.
    """
    while not house.record.ended_s:
        behind = sorted(each.now for each in house.engines if each.outstanding)[:2]
        if not behind or behind[0] >= at_s:
            return
        engine = min(
            (each for each in house.engines if each.outstanding), key=lambda each: each.now
        )
        engine.advance(min(at_s, behind[1]) if len(behind) > 1 else at_s)
