"""One run: requests come, a router sends them to engines, replicas fail."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from heapq import heappop, heappush

from attrs import define, evolve, field, frozen

from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.simulate.engine import Engine
from sizer.simulate.record import Record
from sizer.simulate.router import Pick, router

Progress = Callable[[int, int], None]
TOLD_EVERY = 4096  # requests


@frozen
class Failure:
    """A replica, counted from 1, that is gone from a time on."""

    replica: int
    at_s: float


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


def _in_whole_blocks(requests: Requests, block_tokens: int) -> Requests:
    """Return requests whose prefixes come in parts of whole blocks.

    A hash stands for all tokens before it, so the last one of each part stands for the part.
    """
    tokens = requests.prefix_tokens
    if not requests.prefixes:
        return evolve(requests, prefix_tokens=0)
    part = math.lcm(tokens, block_tokens)
    every = part // tokens
    lengths = requests.input_tokens.tolist()
    prefixes = tuple(
        parts[every - 1 : length // tokens : every]
        for parts, length in zip(requests.prefixes, lengths, strict=True)
    )
    return evolve(requests, prefixes=prefixes, prefix_tokens=part)


@define(eq=False)
class House:
    """The engines that are left, and what is still to fail."""

    record: Record
    engines: list[Engine]
    pick: Pick
    level: bool  # whether the router looks at all engines
    overhead_s: float  # of a request outside of steps
    failures: list[Failure]
    failed: list[Engine] = field(factory=list)

    @classmethod
    def of(
        cls, times: StepTimes, requests: Requests, routed: str, failures: Iterable[Failure]
    ) -> House:
        """Return as many engines as there are groups of replicas."""
        record = Record(_in_whole_blocks(requests, times.block_tokens))
        numbers = range(times.replicas * times.groups)
        engines = [Engine(times, record, number // times.groups + 1) for number in numbers]
        ordered = sorted(failures, key=lambda each: (each.at_s, each.replica))
        level, outside = routed != "round_robin", times.first_token_s
        return cls(record, engines, router(routed, record), level, outside, ordered)

    def send(self, request: int, at_s: float) -> None:
        """Send a request to one of the engines, which have come to this time."""
        record = self.record
        record.sent_s[request] = at_s
        if not self.engines:
            record.lose(request, at_s)
            return
        if self.level:
            for each in self.engines:
                each.run(at_s)
        engine = self.pick(self.engines, request)
        engine.run(at_s)
        if not engine.admits(request):
            record.lose(request, at_s)
            return
        record.replica[request] = engine.replica
        engine.submit(request, at_s)

    @property
    def next_failure_s(self) -> float:
        """When the next replica fails."""
        return self.failures[0].at_s if self.failures else math.inf

    def fail_until(self, at_s: float) -> None:
        """Take away the replicas that fail up to a time, and send what they had to the others."""
        while self.failures and self.failures[0].at_s <= at_s:
            self._fail(self.failures.pop(0))

    def _fail(self, failure: Failure) -> None:
        gone = [each for each in self.engines if each.replica == failure.replica]
        for each in self.engines:
            each.run(failure.at_s)
        self.engines = [each for each in self.engines if each not in gone]
        self.failed += gone
        for engine in gone:
            for request in engine.clear():
                self._send_again(request, failure.at_s)

    def _send_again(self, request: int, at_s: float) -> None:
        record = self.record
        sent_s = record.sent_s[request]
        record.first_s[request] = math.nan
        if self.engines:
            record.resent[request] = record.resent.get(request, 0) + 1
        self.send(request, at_s)
        record.sent_s[request] = sent_s

    def settle(self, until_s: float) -> None:
        """Let everybody that is inside be served, until a time."""
        self.fail_until(until_s)
        for each in self.engines:
            each.run(until_s)

    def rest(self) -> None:
        """Note which engines were idle at the end, those that failed since then."""
        every = (*self.engines, *self.failed)
        end_s = max(each.now for each in every)
        for each in every:
            if each.now < end_s:
                self.record.idle(each.now, end_s)


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
