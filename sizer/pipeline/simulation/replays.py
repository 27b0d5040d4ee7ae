"""What is simulated: whose requests, how many, how fast, and the load that they are."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import numpy as np
from attrs import evolve, frozen

from sizer.diagnostic import problem
from sizer.schema.answered.simulation import Source
from sizer.schema.asked.serving import Router
from sizer.schema.facts.lengths import JointLengths
from sizer.schema.facts.requests import Requests
from sizer.schema.scenario import Load
from sizer.simulate import Failure, requests_of

NO_REPLICA, NO_RATE = "SZ852", "SZ853"


@frozen
class Replay:
    """How to simulate: whose requests, how many or how long, by which router, what fails when.

    A `trace` is replayed instead of the profile's load; `trace_name` is what it is called. Requests
    come `speed` times as fast as there, or as the profile's rate says.
    """

    trace: Requests | None = None
    trace_name: str = ""
    speed: float = 1.0
    seed: int = 0
    requests: int | None = None
    duration_s: float | None = None
    router: Router | None = None
    failures: tuple[Failure, ...] = ()

    def load(self, asked: Load) -> Load:
        """Return the load that is simulated, in place of a profile's.

        Raises Problem (SZ853) for a duration or a speed of users, who wait for answers.
        """
        router = self.router or asked.router
        if self.trace is not None:
            return _load_of(self._sent(self.trace), evolve(asked, router=router))
        if asked.request_rate is None:
            if self.duration_s is not None or self.speed != 1:
                raise _no_rate()
            requests = self.requests or asked.requests
            return evolve(asked, router=router, requests=requests)
        return evolve(asked, router=router, request_rate=asked.request_rate * self.speed)

    def sent(self, load: Load, block_tokens: int) -> Requests:
        """Return the requests of the load that is simulated, or those of the trace."""
        if self.trace is None:
            return requests_of(
                load, self.seed, block_tokens, count=self.requests, duration_s=self.duration_s
            )
        share = 0.0 if self.trace.prefixes else load.prefix_hit_share
        return evolve(self._sent(self.trace), cached_share=share)

    def _sent(self, trace: Requests) -> Requests:
        """Return a trace as fast, and as much of it, as is asked for."""
        faster = trace.faster(self.speed)
        kept = len(trace) if self.requests is None else self.requests
        if self.duration_s is not None:
            kept = min(kept, int(np.searchsorted(faster.arrival_s, self.duration_s)))
        return faster.first(kept)

    def source(self, load: Load, sent: Requests) -> Source:
        """Return where the requests that were sent come from."""
        count, answers = len(sent), sent.output_tokens
        if self.trace is not None:
            return Source(count, trace=self.trace_name, speed=self.speed)
        return Source(
            count,
            speed=self.speed,
            request_rate=load.request_rate,
            burstiness=load.burstiness,
            users=load.most_in_flight,
            think_time_s=load.think_time_s,
            alike=count > 1 and bool((answers == answers[0]).all()),
        )

    def refuse_missing(self, replicas: int) -> None:
        """Raise Problem (SZ852) for a replica that is to fail and does not exist."""
        for each in self.failures:
            if each.replica > replicas:
                said = f"there is no replica {each.replica} to fail: the deployment has {replicas}"
                hint = f"write `--fail {replicas}@{each.at_s:g}s`"
                raise problem(NO_REPLICA, said, hint=hint)


def _no_rate() -> Exception:
    said = "a load of users has no rate: each sends a request when the last one is answered"
    hint = "write `request_rate` in [workload], or say how many with `--requests`"
    return problem(NO_RATE, said, hint=hint)


def _load_of(trace: Requests, load: Load) -> Load:
    """Return a load that has the rate, the bursts and the lengths of a trace."""
    lengths = JointLengths(tuple(_pairs(trace)))
    gaps = np.diff(trace.arrival_s)
    mean, variance = (float(gaps.mean()), float(gaps.var())) if len(gaps) else (0.0, 0.0)
    return evolve(
        load,
        input_tokens=max(round(lengths.input_tokens), 1),
        output_tokens=max(round(lengths.output_tokens), 1),
        lengths=lengths,
        input_tokens_spread=lengths.input_tokens_spread,
        output_tokens_spread=lengths.output_tokens_spread,
        request_rate=1.0 / mean if mean > 0 else 1.0,
        burstiness=mean**2 / variance if mean > 0 and variance > 0 else inf,
        concurrency=None,
        users=None,
        requests=None,
        shared_prefix_tokens=0,
        prefix_groups=1,
    )


def _pairs(trace: Requests) -> Iterator[tuple[float, float, float]]:
    """Yield each pair of a prompt and an answer, and its share of requests."""
    both = np.column_stack((trace.input_tokens, trace.output_tokens))
    pairs, counts = np.unique(both, axis=0, return_counts=True)
    for (prompt, answer), share in zip(pairs.tolist(), counts / len(trace), strict=True):
        yield float(prompt), float(answer), float(share)
