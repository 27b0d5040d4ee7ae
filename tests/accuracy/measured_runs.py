"""Measured runs as columns: what ran at once, how fast, and whether it was too much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray
from traffic_rows import Run

from sizer.catalog.gpus import find_gpu
from sizer.catalog.hub import Hub
from sizer.catalog.lookup import Unknown
from sizer.resolve.facts import Catalog

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]
OPEN = ("poisson", "constant")
LIVES = 5.0  # of a request that a run lasts: in a shorter one the number running is no steady one


@frozen(eq=False)
class Measured:
    """Runs that have a place, the group of each, and what was measured of it."""

    runs: Sequence[Run]
    groups: NDArray[np.str_] = field(init=False)

    @groups.default
    def _groups(self) -> NDArray[np.str_]:
        facts = Catalog(Hub())
        return np.array([f"{_model(run, facts)}@{_gpu(run)}" for run in self.runs])

    def of(self, name: str) -> Numbers:
        """Return a measured column, NaN where it is blank or is of another load than the row's."""
        return np.array([run.measured(name) for run in self.runs])

    def flagged(self, word: str) -> Truths:
        """Return which rows have a flag."""
        return np.array([word in run.row["flags"] for run in self.runs])

    def among(self, name: str, values: Sequence[str]) -> Truths:
        """Return which rows have one of some values in a column."""
        return np.array([run.row[name] in values for run in self.runs])

    def said(self, name: str) -> Numbers:
        """Return a numeric column of the points."""
        return np.array([float(run.point.get(name) or "nan") for run in self.runs])

    @property
    def paces(self) -> Numbers:
        """Mean milliseconds between tokens of one request.

        By what was sent where that is known: some clients count several tokens of a stream as one.
        """
        spans = (self.of("e2e_mean") - self.of("ttft_mean")) / (self.said("output_tokens") - 1)
        closed = self.of("concurrency") / self.of("output_tok_s") * 1e3
        mean = self.of("tpot_mean")
        found = np.where(np.isnan(mean), self.of("tpot_p50"), mean)
        found = np.where(self.flagged("unreliable") | self.flagged("derived"), spans, found)
        return np.where(np.isnan(found), closed, found)

    @property
    def in_flight(self) -> Numbers:
        """Requests that decoded at once: Little's law in an open loop that lasted long enough."""
        decoding = self.paces * (self.said("output_tokens") - 1)
        spans = self.of("e2e_mean") - self.of("ttft_mean")
        alive = np.where(np.isnan(spans), decoding, spans)
        rate = self.of("achieved_rate")
        lasting = np.isnan(self.sent) | (self.sent / rate * 1e3 >= LIVES * alive)
        steady = lasting & ~self.overloaded & self.among("arrival", OPEN)
        open_loop = np.where(steady, rate * alive / 1e3, np.nan)
        closed = self.of("concurrency")
        return np.where(self.among("arrival", ("closed",)), closed, open_loop)

    @property
    def sent(self) -> Numbers:
        """Requests of each run, as its table or its source says."""
        return np.fmax(self.of("requests"), self.said("sent"))

    @property
    def limits(self) -> Numbers:
        """The limit of the first token's p99 that a run had to hold, in ms, NaN without one."""
        return np.array([float(_limit(run.row["flags"]) or "nan") for run in self.runs])

    @property
    def sources(self) -> dict[str, Truths]:
        """Which rows each source has."""
        names = sorted({run.row["source"] for run in self.runs})
        return {name: self.among("source", (name,)) for name in names}

    @property
    def overloaded(self) -> Truths:
        """Which rows were overloaded, or missed the limit of their benchmark."""
        return self.flagged("overload")


def is_known(run: Run) -> bool:
    """Whether the catalog has a run's model and accelerator."""
    try:
        find_gpu(run.row["gpu"])
        Catalog(Hub()).model(run.row["model"], None)
    except (Unknown, ValueError):
        return False
    return True


def _model(run: Run, facts: Catalog) -> str:
    return facts.model(run.row["model"], None).value.name


def _gpu(run: Run) -> str:
    return find_gpu(run.row["gpu"]).value.name


def _limit(flags: str) -> str | None:
    parts = (part.partition("ttft_slo=")[2] for part in flags.split("|"))
    return next((part.removesuffix("ms") for part in parts if part), None)
