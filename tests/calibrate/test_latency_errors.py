"""Intervals of latencies that no constant is fitted to, from errors written by hand."""

from __future__ import annotations

import numpy as np

from sizer.calibrate.intervals import of_latency
from sizer.schema.facts.calibration import Interval

GROUPS = np.array([f"group {number}" for number in range(40)])
ERRORS = np.linspace(-0.5, 1.45, 40)  # log(measured / estimated), 0.05 apart
MEAN = Interval(low=-0.3, high=0.4, points=9, coverage=0.9, unseen_low=-0.4, unseen_high=0.6)


def test_nine_in_ten_lie_inside() -> None:
    found = of_latency(ERRORS, ERRORS, GROUPS, None)
    assert found is not None
    inside = (found.low <= ERRORS) & (found.high >= ERRORS)
    assert 0.85 <= inside.mean() <= 0.95
    assert found.points == 40
    assert 0.85 <= found.coverage <= 0.95


def test_a_family_that_nobody_measured_widens_it_as_it_widens_the_mean() -> None:
    found = of_latency(ERRORS, ERRORS, GROUPS, MEAN)
    assert found is not None
    assert found.unseen_low == round(found.low - 0.1, 3)
    assert found.unseen_high == round(found.high + 0.2, 3)


def test_an_end_lies_on_its_own_side_of_the_estimate() -> None:
    """All were measured slower than the fast end, and faster than the slow one."""
    found = of_latency(ERRORS + 2.0, ERRORS - 2.0, GROUPS, None)
    assert found is not None
    assert (found.low, found.high) == (0.0, 0.0)


def test_where_the_engine_may_be_overloaded_only_the_fast_end_is_measured() -> None:
    slower = np.where(np.arange(40) < 20, ERRORS, np.nan)
    found, whole = (of_latency(ERRORS, each, GROUPS, None) for each in (slower, ERRORS))
    assert found is not None
    assert whole is not None
    assert found.low == whole.low
    assert found.high < whole.high
    assert found.coverage > 0.9


def test_few_groups_make_no_interval() -> None:
    assert of_latency(ERRORS, ERRORS, np.array(["one", "another"] * 20), None) is None
