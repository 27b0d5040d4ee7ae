"""A calibration's intervals of percentiles, and of latencies at a request rate."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from attrs import evolve

from sizer.catalog.calibration import calibration
from sizer.estimate import estimate
from sizer.load.points import Row, read_points
from sizer.pipeline.latency_intervals import latency_intervals
from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.structure.files.csv_document import CsvTable

MODELS = ("meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B", "Qwen/Qwen3-8B")
GPUS = ("H100", "A100-80GB", "L40S")
DEFAULT = calibration()
BARE = evolve(DEFAULT, rate_intervals={})
HOW_LATE = 1.5


def rows(**load: str) -> list[Row]:
    """Return points of three models on three accelerators under one load."""
    columns = ("model", "gpu", "input_tokens", "output_tokens", *load)
    cells = tuple((model, gpu, "500", "100", *load.values()) for model in MODELS for gpu in GPUS)
    return read_points(CsvTable("made.csv", columns, cells))


def told(points: list[Row], name: str) -> list[float | None]:
    """Return what is estimated of points, so many times as late."""
    here = [each for each in placed(row.point for row in points) if isinstance(each, Placed)]
    scenario = evolve(scenario_of_points(here), calibration=DEFAULT)
    return [float(each) * HOW_LATE for each in estimate(scenario, [name])[name].values]


def test_percentiles_of_requests_at_once_have_an_interval_of_their_own() -> None:
    points = rows(concurrency="4")
    found = latency_intervals(points, {"ttft_p99_ms": told(points, "ttft_p99_ms")}, None, BARE)
    interval = found.intervals["ttft_p99_ms"]
    assert interval.low == 0.0
    assert interval.high == pytest.approx(log(HOW_LATE), abs=1e-3)
    assert interval.points == 9
    assert not found.rate_intervals
    assert found.intervals["itl_ms"] == DEFAULT.intervals["itl_ms"]


def test_an_interval_at_a_rate_is_beyond_what_the_engine_may_sustain() -> None:
    """Some of the 1.5 is due to an engine that sustains less."""
    points = rows(request_rate="0.5")
    found = latency_intervals(points, {"itl_ms": told(points, "itl_ms")}, None, BARE)
    interval = found.rate_intervals["itl_ms"]
    assert interval.points == 9
    assert 0.0 < interval.high < log(HOW_LATE)
    assert found.intervals == DEFAULT.intervals


def test_means_of_requests_at_once_are_left_to_the_fit() -> None:
    points = rows(concurrency="4")
    found = latency_intervals(points, {"itl_ms": told(points, "itl_ms")}, None, BARE)
    assert found == BARE


def test_rows_of_one_group_count_together() -> None:
    points = rows(concurrency="4")
    late = told(points, "ttft_p50_ms")
    found = latency_intervals(points, {"ttft_p50_ms": late}, ["one"] * 9, BARE)
    assert found == BARE


def test_what_is_not_measured_takes_no_part() -> None:
    points = rows(concurrency="4")
    late = [None, *told(points, "tpot_p50_ms")[1:]]
    found = latency_intervals(points, {"tpot_p50_ms": late}, None, BARE)
    assert found.intervals["tpot_p50_ms"].points == 8
    assert np.isfinite(found.intervals["tpot_p50_ms"].high)
