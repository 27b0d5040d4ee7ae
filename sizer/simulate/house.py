"""The engines of a deployment behind their router, and the replicas that fail."""

from __future__ import annotations

import math
from collections.abc import Iterable

from attrs import define, evolve, field, frozen

from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.simulate.engine import Engine
from sizer.simulate.record import Record
from sizer.simulate.router import Pick, router


@frozen
class Failure:
    """A replica, counted from 1, that is gone from a time on."""

    replica: int
    at_s: float


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
