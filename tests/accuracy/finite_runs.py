"""Benchmarks of a few hundred requests, simulated: such a run ends before it is steady."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np
from measured_runs import OPEN, Measured, Numbers, Truths

from sizer.estimate.step_times import step_times
from sizer.load.points import read_points
from sizer.resolve.points import Placed, catalog_places, scenario_of_points
from sizer.schema.facts.step_times import StepTimes
from sizer.schema.scenario import Load
from sizer.simulate import Statistics, requests_of, run
from sizer.structure.files.csv_document import CsvTable

SEEDS = (0, 1, 2)


def first_tokens(measured: Measured, chosen: Truths) -> Numbers:
    """Return the p99 of the first token in ms of the chosen runs, as many requests as each sent.

    It is the median of three seeds, and NaN where times are unknown.
    """
    found = np.full(len(measured.runs), np.nan)
    chosen = chosen & measured.among("arrival", OPEN) & np.isfinite(measured.sent)
    points = [{**each.point, "request_rate": each.row["request_rate"]} for each in measured.runs]
    rows = np.flatnonzero(chosen).tolist()
    for row, placed in zip(rows, _placed([points[row] for row in rows]), strict=True):
        times = step_times(scenario_of_points([placed]), 0)
        if times is not None:
            sent = int(measured.sent[row])
            found[row] = median(_p99(times, placed.load, sent, seed) for seed in SEEDS)
    return found


def _p99(times: StepTimes, load: Load, sent: int, seed: int) -> float:
    requests = requests_of(load, seed, times.block_tokens, count=sent)
    record = run(times, requests, routed=load.router)
    return float(Statistics(record, times).metrics()["ttft_p99_ms"])


def _placed(points: Sequence[Mapping[str, str]]) -> list[Placed]:
    columns = tuple(dict.fromkeys(("model", "gpu", *(name for each in points for name in each))))
    rows = tuple(tuple(point.get(name, "") for name in columns) for point in points)
    places = catalog_places()
    read = read_points(CsvTable("runs", columns, rows))
    return [places.of(each.point) for each in read if each.point]
