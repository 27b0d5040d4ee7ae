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
from sizer.schema.metrics import registry
from sizer.structure.files.csv_document import CsvTable

Told = Mapping[str, Numbers]
LAWS = ("ttft", "tpot")
MEANS = {"ttft": "ttft_ms", "tpot": "itl_ms"}
SCORED = tuple((law, percentile) for law in LAWS for percentile in ("p50", "p99"))
PERCENTILES = tuple(f"{law}_{percentile}_ms" for law, percentile in SCORED)
ENDS = tuple(f"{name}_{end}" for name in PERCENTILES for end in ("low", "high"))
AT_RATE = (*MEANS.values(), "utilization", "overloaded", *PERCENTILES, *ENDS)
LATE = {*MEANS.values(), *PERCENTILES}


def estimates(points: Sequence[Mapping[str, str]], names: Sequence[str]) -> dict[str, Numbers]:
    """Return metrics of points, NaN where they have no place, are unknown, or are no metric."""
    columns = tuple(dict.fromkeys(name for point in points for name in point))
    rows = tuple(tuple(point.get(name, "") for name in columns) for point in points)
    known = [name for name in names if name in registry()]
    found = estimate_points(read_points(CsvTable("runs", columns, rows)), names=known)
    for problem in {problem for problem in found.problems if problem}:
        print(f"no place: {problem}", file=sys.stderr)
    nothing = np.full(len(points), np.nan)
    return {name: found.numbers(name) if name in known else nothing for name in names}


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
    running = measured.in_flight
    known = np.isfinite(running) & np.isfinite(measured.paces)
    points = [
        {**run.point, "concurrency": _whole(count, run)}
        for run, count, there in zip(measured.runs, running, known, strict=True)
        if there
    ]
    return spread(estimates(points, ["itl_ms"]), known)["itl_ms"]


def at_rate(measured: Measured, factors: Numbers) -> Told:
    """Return metrics of open loops at the request rate times a factor, infinite where overloaded.

    All that a queue does scales with time. So steps that are longer by some factor are the same
    as a rate that is higher by it, but for the scale of every latency.
    """
    known = measured.among("arrival", OPEN) & np.isfinite(factors)
    rates = measured.of("request_rate") * factors
    points = [
        {**run.point, "request_rate": f"{rate:.8g}", "arrivals": run.row["arrival"]}
        for run, rate, there in zip(measured.runs, rates, known, strict=True)
        if there
    ]
    told = estimates(points, AT_RATE)
    over = told["overloaded"] == 1
    late = {name: np.where(over & (name in LATE), np.inf, told[name]) for name in AT_RATE}
    return spread(late, known)


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
