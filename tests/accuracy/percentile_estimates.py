"""What sizer says of measured runs: at the number that ran, and at their request rate."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve
from measured_runs import OPEN, Measured, Numbers, Truths
from traffic_rows import Run

from sizer.load.points import read_points
from sizer.pipeline.points import estimate_points
from sizer.structure.files.csv_document import CsvTable

Told = Mapping[str, Numbers]
LAWS = ("ttft", "tpot")
MEANS = {"ttft": "ttft_ms", "tpot": "itl_ms"}
SCORED = tuple((law, percentile) for law in LAWS for percentile in ("p50", "p99"))
PERCENTILES = tuple(f"{law}_{percentile}_ms" for law, percentile in SCORED)
IN_LOOP = tuple(f"{law}_{each}_ms" for law in (*LAWS, "itl") for each in ("p50", "p99"))
ENDS = tuple(f"{name}_{end}" for name in PERCENTILES for end in ("low", "high"))
BOUNDS = ("utilization_low", "utilization_high")
AT_RATE = (*MEANS.values(), "utilization", *BOUNDS, "overloaded", *PERCENTILES, *ENDS)
HALVINGS = 24
EDGE = 1e-3  # of what is sustained: nearer to it no number in flight is told apart
LATE = {*MEANS.values(), *PERCENTILES}


def estimates(points: Sequence[Mapping[str, str]], names: Sequence[str]) -> dict[str, Numbers]:
    """Return metrics of points, NaN where they have no place or are unknown."""
    columns = tuple(dict.fromkeys(("model", "gpu", *(name for each in points for name in each))))
    rows = tuple(tuple(point.get(name, "") for name in columns) for point in points)
    found = estimate_points(read_points(CsvTable("runs", columns, rows)), names=names)
    for problem in {problem for problem in found.problems if problem}:
        print(f"no place: {problem}", file=sys.stderr)
    return {name: found.numbers(name) for name in names}


def split(runs: Sequence[Run]) -> list[Run]:
    """Return runs with one split each: the one that fits and answers the most."""
    choices = [(place, each) for place, run in enumerate(runs) for each in run.splits]
    if not choices:
        return list(runs)
    most = estimates([each for _, each in choices], ["max_request_rate"])["max_request_rate"]
    best: dict[int, tuple[float, Mapping[str, str]]] = {}
    for (place, point), rate in zip(choices, np.nan_to_num(most, nan=-1.0), strict=True):
        if rate > best.get(place, (0.0, {}))[0]:
            best[place] = rate, point
    return [
        evolve(run, point=best[place][1]) if place in best else run
        for place, run in enumerate(runs)
    ]


def step_paces(measured: Measured) -> Numbers:
    """Return the estimated pace with as many requests in flight as were measured, in ms."""
    return in_loop(measured, measured.in_flight, ["itl_ms"])["itl_ms"]


def in_loop(
    measured: Measured, running: Numbers, names: Sequence[str], *, finite: bool = False
) -> dict[str, Numbers]:
    """Return metrics with so many requests in flight, NaN where that is unknown.

    A `finite` run starts with all users at once, and ends after its requests.
    """
    known = np.isfinite(running)
    points = [
        {**run.point, "concurrency": _whole(count, run), "requests": sent if finite else ""}
        for run, count, there in zip(measured.runs, running, known, strict=True)
        if there
        for sent in (run.row["requests"],)
    ]
    return spread(estimates(points, names), known)


def at_rate(measured: Measured, rates: Numbers, names: Sequence[str] = AT_RATE) -> Told:
    """Return metrics of open loops at request rates, latencies infinite where overloaded.

    NaN where a row is a closed loop, or its rate is.
    """
    known = measured.among("arrival", OPEN) & np.isfinite(rates)
    points = [
        {**run.point, "request_rate": f"{rate:.10g}", "arrivals": run.row["arrival"]}
        for run, rate, there in zip(measured.runs, rates, known, strict=True)
        if there
    ]
    told = estimates(points, (*names, "overloaded"))
    over = told["overloaded"] == 1
    late = {name: np.where(over & (name in LATE), np.inf, told[name]) for name in told}
    return spread(late, known)


def paced_rates(measured: Measured) -> Numbers:
    """Return the rate at which as many requests decode by the estimate as were measured to.

    All that a queue does scales with time. So an estimate of steps that are some factor too short
    has, at this rate, the tails of steps as long as measured. It is beyond what is sustained where
    the estimate has no place for so many.
    """
    running = np.where(measured.overloaded, np.nan, measured.in_flight)
    most = estimates([run.point for run in measured.runs], ["max_request_rate"])
    low, high = np.zeros(len(running)), most["max_request_rate"]
    tokens = measured.said("output_tokens") - 1.0
    for _ in range(HALVINGS):
        rates = np.where(np.isnan(running), np.nan, (low + high) / 2.0)
        decode = rates * tokens * at_rate(measured, rates, ["itl_ms"])["itl_ms"] / 1e3
        low, high = np.where(decode < running, rates, low), np.where(decode < running, high, rates)
    beyond = low >= most["max_request_rate"] * (1.0 - EDGE)
    found = np.where(beyond, 2.0 * most["max_request_rate"], low)
    return np.where(np.isnan(running), np.nan, found)


def spread(told: Told, known: Truths) -> dict[str, Numbers]:
    """Return columns of some rows as columns of all, NaN elsewhere."""
    found = {name: np.full(len(known), np.nan) for name in told}
    for name, values in told.items():
        found[name][known] = values
    return found


def _whole(running: float, run: Run) -> str:
    """Return requests in flight as a point has them: whole ones, at least one a replica."""
    replicas = int(run.point["gpus"] or run.gpus_per_replica) // run.gpus_per_replica
    return str(max(round(running), replicas, 1))
