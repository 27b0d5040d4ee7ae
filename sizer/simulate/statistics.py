"""Statistics of a run, from its records."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.schema.answered.simulation import Counts, Course, Served
from sizer.schema.facts.step_times import StepTimes
from sizer.simulate.record import Record

PERCENTS = (50, 90, 95, 99)
MS = 1e3
PARTS = 60
NEVER_MS = 1e15  # a number, as endless counts as unknown
Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]


@frozen(eq=False)
class Statistics:
    """A run in columns; the first `warm_up` requests are served, but not counted."""

    record: Record
    times: StepTimes
    warm_up: int = 0
    served: Served = field(init=False)

    @served.default
    def _columns(self) -> Served:
        record, count = self.record, len(self.record.inputs)
        outside = np.array(record.late_s) + self.times.first_token_s

        def counted(found: Mapping[int, int]) -> NDArray[np.int64]:
            column = np.zeros(count, np.int64)
            column[list(found)] = list(found.values())
            return column

        return Served(
            arrival_s=np.array(record.sent_s),
            ready_s=np.array(record.ready_s),
            read_s=np.array(record.read_s),
            first_s=np.array(record.first_s) + outside,
            last_s=np.array(record.last_s) + outside,
            input_tokens=record.requests.input_tokens,
            output_tokens=record.requests.output_tokens,
            replica=np.array(record.replica, np.int64),
            evictions=counted(record.evictions),
            resent=counted(record.resent),
            lost=counted(dict.fromkeys(record.lost, 1)),
        )

    @property
    def span_s(self) -> float:
        """Time from the start of a run to its last token."""
        last_s = np.array(self.record.last_s)
        return float(np.fmax.reduce(last_s, initial=0.0))

    @property
    def counts(self) -> Counts:
        """Requests by what became of them."""
        served = self.served
        arrived = ~np.isnan(served.arrival_s)
        done, lost = ~np.isnan(served.last_s), served.lost > 0
        running = arrived & ~done & ~lost & ~np.isnan(served.first_s)
        return Counts(
            arrived=int(arrived.sum()),
            done=int(done.sum()),
            running=int(running.sum()),
            waiting=int((arrived & ~done & ~lost & ~running).sum()),
            lost=int(lost.sum()),
            resent=int((served.resent > 0).sum()),
            evicted=int((served.evictions > 0).sum()),
            evictions=int(served.evictions.sum()),
            counted=int(self._counted.sum()),
        )

    @property
    def _counted(self) -> Truths:
        done: Truths = ~np.isnan(self.served.last_s)
        done[: self.warm_up] = False
        return done

    def with_lost(self) -> dict[str, Numbers]:
        """Return times as `of_requests` does, and such of those that were lost as no rule takes."""
        lost = np.full(np.count_nonzero(self.served.lost[self.warm_up :]), NEVER_MS)
        return {name: np.concatenate((each, lost)) for name, each in self.of_requests().items()}

    def of_requests(self) -> dict[str, Numbers]:
        """Return each counted request's times in ms; its pace is unknown with one token."""
        kept, served = self._counted, self.served
        first, last, arrival = served.first_s[kept], served.last_s[kept], served.arrival_s[kept]
        later = served.output_tokens[kept] - 1
        with np.errstate(invalid="ignore", divide="ignore"):
            pace = np.where(later > 0, (last - first) / later, np.nan)
        return {
            "ttft": (first - arrival) * MS,
            "tpot": pace * MS,
            "e2e": (last - arrival) * MS,
            "queue": (served.read_s - served.ready_s)[kept] * MS,
        }

    def metrics(self) -> dict[str, float]:
        """Return means and percentiles by metric; unknown where nothing was measured."""
        requests = self.of_requests()
        gaps, seen = np.array(self.record.gap_s), np.array(self.record.gap_count)
        found: dict[str, float] = {}
        for name in ("ttft", "e2e", "queue"):
            found[f"{name}_ms"] = _mean(requests[name])
        found["itl_ms"] = _mean(gaps, seen) / self.times.acceptance_length * MS
        for name in ("ttft", "tpot", "e2e"):
            found |= _percentiles(name, requests[name])
        found |= _weighed("itl", gaps, seen)
        found["tokens_per_second"] = self._tokens_per_second()
        return found

    def _tokens_per_second(self) -> float:
        """Return tokens of answers a second, from the first counted arrival to the last token."""
        kept = self._counted
        if not kept.any():
            return float("nan")
        begun, ended = self.served.arrival_s[kept].min(), self.served.last_s[kept].max()
        return float(self.served.output_tokens[kept].sum() / (ended - begun))

    @property
    def busy(self) -> float:
        """Share of time in which replicas take steps."""
        return float(np.mean(self._busy(1)))

    def course(self, parts: int = PARTS) -> Course:
        """Return what went on in equal parts of a run."""
        served, span = self.served, self.span_s
        edges = np.linspace(0.0, span, parts + 1)
        waits = _inside(served.arrival_s, np.fmin(served.first_s, span), edges)
        runs = _inside(served.first_s, np.fmin(served.last_s, span), edges)
        busy = self._busy(parts)
        return Course(span / parts, *(tuple(each.tolist()) for each in (busy, runs, waits)))

    def _busy(self, parts: int) -> Numbers:
        span = self.span_s
        edges = np.linspace(0.0, span, parts + 1)
        engines = self.times.replicas * self.times.groups
        idle = np.array(self.record.idle_s).reshape(-1, 2).T
        still: Numbers = _inside(idle[0], idle[1], edges) / engines
        return 1.0 - still if span > 0 else np.zeros(parts)


def _percentiles(name: str, values: Numbers) -> dict[str, float]:
    known = values[~np.isnan(values)]
    found = np.percentile(known, PERCENTS) if len(known) else np.full(len(PERCENTS), np.nan)
    return {f"{name}_p{q}_ms": float(v) for q, v in zip(PERCENTS, found, strict=True)}


def _weighed(name: str, gaps: Numbers, seen: NDArray[np.int64]) -> dict[str, float]:
    """Return percentiles of gaps in ms, each of which so many tokens have seen."""
    order = np.argsort(gaps, kind="stable")
    below = np.cumsum(seen[order])
    names = {q: f"{name}_p{q}_ms" for q in PERCENTS}
    if not len(gaps):
        return dict.fromkeys(names.values(), float("nan"))
    places = {q: int(np.searchsorted(below, q / 100 * below[-1])) for q in PERCENTS}
    return {names[q]: float(gaps[order][place]) * MS for q, place in places.items()}


def _mean(values: Numbers, weights: NDArray[np.int64] | None = None) -> float:
    known = ~np.isnan(values)
    if not known.any():
        return float("nan")
    return float(np.average(values[known], weights=None if weights is None else weights[known]))


def _inside(from_s: Numbers, to_s: Numbers, edges: Numbers) -> Numbers:
    """Return how many of some spans lie in each part between edges, in the mean."""
    known = ~(np.isnan(from_s) | np.isnan(to_s))
    inside = _before(to_s[known], edges), _before(from_s[known], edges)
    widths = np.diff(edges)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Numbers = np.where(widths > 0, np.diff(inside[1] - inside[0]) / widths, 0.0)
    return found


def _before(times_s: Numbers, edges: Numbers) -> Numbers:
    """Return for each edge the sum of how long before it each time is."""
    ordered = np.sort(times_s)
    sums = np.concatenate((np.zeros(1), np.cumsum(ordered)))
    count = np.searchsorted(ordered, edges)
    found: Numbers = count * edges - sums[count]
    return found
