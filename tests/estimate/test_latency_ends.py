"""The intervals of percentiles, where some were measured and some were not."""

from __future__ import annotations

import pytest
from attrs import evolve

from sizer.catalog.calibration import calibration
from sizer.catalog.gpus import find_gpu
from sizer.estimate.engine.intervals import AT_RATE, LATENCIES, MEANS, ratios
from sizer.schema.facts.calibration import Calibration, Interval
from sizer.schema.metrics import PERCENTS

DEFAULT = calibration()
BARE = evolve(
    DEFAULT,
    intervals={name: DEFAULT.intervals[name] for name in MEANS.values()},
    rate_intervals={},
)
WIDE = Interval(low=-2.0, high=3.0, points=9, coverage=0.9)


def said(used: Calibration, name: str) -> tuple[float, float]:
    """Return both ends of a latency on an H100, over its value."""
    found = ratios(used, "vllm", find_gpu("H100").value, None)
    low, high = (found[f"{name}_{end}_ratio"] for end in ("low", "high"))
    assert low is not None
    assert high is not None
    return low, high


@pytest.mark.parametrize("load", ["", AT_RATE])
@pytest.mark.parametrize("law", MEANS)
def test_ends_rise_with_the_percentile(law: str, load: str) -> None:
    ends = [said(DEFAULT, f"{law}_p{percent}_ms{load}") for percent in PERCENTS]
    assert ends == sorted(ends)
    assert [high for _, high in ends] == sorted(high for _, high in ends)


@pytest.mark.parametrize("name", LATENCIES)
def test_every_latency_has_an_interval_at_every_load(name: str) -> None:
    for load in ("", AT_RATE):
        low, high = said(DEFAULT, f"{name}{load}")
        assert low <= 1.0 <= high
        assert low < high


@pytest.mark.parametrize("load", ["", AT_RATE])
def test_a_calibration_without_percentiles_takes_those_of_means(load: str) -> None:
    assert said(BARE, f"ttft_p99_ms{load}") == said(BARE, "ttft_ms")
    assert said(BARE, f"itl_p50_ms{load}") == said(BARE, "itl_ms")


def test_a_percentile_that_nobody_measured_has_the_interval_of_the_one_below() -> None:
    used = evolve(BARE, intervals=BARE.intervals | {"ttft_p90_ms": WIDE})
    assert said(used, "ttft_p95_ms") == said(used, "ttft_p90_ms")
    assert said(used, "ttft_p50_ms") == said(used, "ttft_ms")


def test_a_rate_that_nobody_measured_has_the_interval_of_a_load_at_once() -> None:
    used = evolve(BARE, intervals=BARE.intervals | {"itl_p99_ms": WIDE})
    assert said(used, f"itl_p99_ms{AT_RATE}") == said(used, "itl_p99_ms")
