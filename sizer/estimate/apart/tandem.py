"""A tandem of queues: prompts, then the link, then decoding, all at one rate of requests.

A closed loop is taken as open arrivals at the rate at which as many requests are in flight in the
mean (the fixed-population mean method: Whitt, Open and closed models for networks of queues, AT&T
Bell Lab. Tech. J. 63(9), 1984). Of its own requests one never waits for itself: queues are those
of a loop with one fewer (Bard, 1979; Schweitzer, 1979).
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.estimate.apart import transfer
from sizer.estimate.apart.alone import DECODING, READING
from sizer.estimate.apart.both_sides import sides
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.in_service import STEPS, Bracket
from sizer.estimate.columns.inputs import Inputs
from sizer.schema.table import Table, Values

MS = 1e3
NEARLY = 1.0 - 1e-6  # of what the scarcer side sustains, where a closed loop has it full
IN_STEP = 0.5  # of a burst come before one's own prompt, in the mean
FEWEST = 1e-9  # of its capacity, in place of a rate of none
Estimators = tuple[Estimator, Estimator]
ALONE: Estimators = (READING, DECODING)
MEASURED = ("ttft_ms", "queue_ms", "itl_ms")
FIXED = ("max_request_rate", "prompt_cache_bytes")
READ = (*FIXED, "alone_seconds")
LINK = (
    "asked_link_bytes_s",
    "joined_gpus",
    "domain_gpus",
    "link_bytes_s",
    "link_share",
    "pcie_bytes_s",
    "pcie_share",
    "node_link_bytes_s",
    "network_share",
)


@frozen(eq=False)
class Link:
    """The way of caches: its time for one alone, what it sustains, and what a request sees."""

    wire_s: Values
    most: Values
    seen_s: Values

    def wait_s(self, rate: Values) -> Values:
        """Return the mean wait behind other requests' caches at a rate."""
        return transfer.link_wait_seconds(self.wire_s, rate, self.most)


@frozen(eq=False)
class Tandem:
    """Two sides and their link, of some rows, and the requests that come to them.

    `closed` are those in flight or users, unknown for a rate; `think_s` passes between an answer
    and the next request. A server handles each once, for `server_s`. `wave` is the share of a
    closed loop's requests that start at once.
    """

    estimators: Estimators
    reading: Inputs
    decoding: Inputs
    link: Link
    most: Values
    reads: Values
    groups: Values
    closed: Values
    think_s: Values
    server_s: Values
    answer: Values
    wave: Values

    @classmethod
    def of(cls, both: Inputs, gpus: Values, wave: Values, estimators: Estimators = ALONE) -> Tandem:
        """Return the tandem of some rows that have `gpus` accelerators on both sides together.

        `estimators` are of the side that reads prompts and of the one that decodes.
        """
        reading, decoding = (side.inputs(both.scenario) for side in sides(both.scenario))
        least = np.full(len(gpus), FEWEST)
        read = estimators[0].settled(reading.at_rates(least), READ)
        decoded = estimators[1].settled(decoding.at_rates(least), FIXED)
        link = _link(both, (reading, read), (decoding, decoded), gpus)
        rates = read["max_request_rate"].values, decoded["max_request_rate"].values, link.most
        asked = both.column("asked_concurrency").values
        closed = np.where(np.isnan(asked), both.column("users").values, asked)
        return cls(
            estimators,
            reading,
            decoding,
            link,
            np.minimum(np.minimum(rates[0], rates[1]), rates[2]),
            rates[0],
            _groups(reading),
            closed,
            both.column("think_time_s").values,
            both.column("server_s").values,
            both.column("output_tokens").values,
            wave,
        )

    @property
    def is_closed(self) -> NDArray[np.bool_]:
        """Which rows are closed loops."""
        found: NDArray[np.bool_] = ~np.isnan(self.closed)
        return found

    def burst_s(self) -> Values:
        """Return the mean wait of a first wave that comes at once; 0 under a rate."""
        others = np.maximum(self.closed - self.groups, 0.0)
        waits: Values = np.where(self.is_closed, IN_STEP * others / self.reads, 0.0)
        return waits

    def tables(
        self, rate: Values, reading: tuple[str, ...], decoding: tuple[str, ...]
    ) -> tuple[Table, Table]:
        """Return columns of both sides at a rate of requests that all parts carry."""
        met = np.where(self.is_closed, rate * (1.0 - 1.0 / self.closed), rate)
        met = np.maximum(met, FEWEST * self.most)
        return (
            self.estimators[0].settled(self.reading.at_rates(met), reading),
            self.estimators[1].settled(self.decoding.at_rates(rate), decoding),
        )

    def held_s(self, rate: Values) -> Values:
        """Return how long a request of a closed loop is in flight at a rate, in the mean."""
        tables = self.tables(rate, MEASURED, MEASURED)
        read, decoded = ({name: table[name].values / MS for name in MEASURED} for table in tables)
        beyond = np.maximum(self.burst_s() - read["queue_ms"], 0.0)
        first = read["ttft_ms"] + self.wave * beyond
        joined = decoded["ttft_ms"] - decoded["queue_ms"] - self.server_s
        passed = self.link.seen_s + self.link.wait_s(rate)
        held: Values = first + passed + joined + (self.answer - 1.0) * decoded["itl_ms"]
        return held

    def rate(self, asked: Values) -> Values:
        """Return the requests a second that pass: those that come, unknown if all cannot pass."""
        if self.is_closed.any():
            asked = np.where(self.is_closed, self._balanced(), asked)
        return np.where(asked < self.most, asked, np.nan)

    def _balanced(self) -> Values:
        """Return the rate at which as many requests are in flight as there are."""

        def excess(rate: Values) -> Values:
            left: Values = self.closed - rate * (self.held_s(rate) + self.think_s)
            return left

        high = self.most * NEARLY
        less = excess(high)
        low = np.minimum(self.closed * high / np.maximum(self.closed - less, self.closed), high)
        pending = less < 0.0
        search = Bracket(low, high, excess(low), less) if pending.any() else None
        for step in range(STEPS):
            if search is None or not pending.any():
                break
            tried = search.next(halve=step % 3 == 2)
            search = search.narrowed(tried, excess(tried), pending)
            pending = pending & ~search.settled
        return high if search is None else np.where(less < 0.0, search.high, high)


def _link(
    both: Inputs, reads: tuple[Inputs, Table], gets: tuple[Inputs, Table], gpus: Values
) -> Link:
    """Return the link between the sides, each its columns and what was estimated of it."""
    speed = np.minimum(_speed(reads[0], gets[0], gpus), _speed(gets[0], reads[0], gpus))
    sent, received = (table["prompt_cache_bytes"].values for _, table in (reads, gets))
    wire = transfer.wire_seconds(sent, received, speed)
    seen = transfer.seen_seconds(
        wire,
        reads[1]["alone_seconds"].values,
        both.column("layer_count").values,
        both.column("by_layer").values,
    )
    most = transfer.link_rate(sent, received, _groups(reads[0]), _groups(gets[0]), speed)
    return Link(wire, most, seen)


def _speed(side: Inputs, other: Inputs, gpus: Values) -> Values:
    """Return how fast a side may be linked: by the network to accelerators of another kind."""
    alike = side.scenario.listed.gpu_of == other.scenario.listed.gpu_of
    facts = {name: side.column(name).values for name in LINK}
    found: Values = transfer.between_bytes_s(gpus=np.where(alike, gpus, np.inf), **facts)
    return found


def _groups(side: Inputs) -> Values:
    """Return the attention groups of a side."""
    found: Values = side.column("replicas").values * side.column("dp").values
    return found
