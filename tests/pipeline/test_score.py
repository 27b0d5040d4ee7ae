"""Scores: the arithmetic by hand, and a group counted once however large."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sizer.pipeline.score import misses_of, scores, worst

UNKNOWN = math.nan
ESTIMATES = {"itl_ms": np.array([11.0, 18.0, 10.0, 50.0, UNKNOWN])}
MEASURED = {"itl_ms": np.array([10.0, 20.0, UNKNOWN, 20.0, 5.0])}


def test_errors_are_shares_of_the_measurement() -> None:
    (score,) = scores(ESTIMATES, MEASURED)
    assert (score.metric, score.rows, score.points) == ("itl_ms", "all", 3)
    assert score.median_error == pytest.approx(0.1)
    assert score.p90_error == pytest.approx(0.1 + 0.8 * 1.4)
    assert score.bias == pytest.approx(0.1)
    assert score.within_2x == pytest.approx(2 / 3)


def test_the_share_within_the_interval_is_of_rows_that_have_one() -> None:
    columns = {
        "itl_ms": np.array([10.0, 10.0, 10.0, 11.0]),
        "itl_ms_low": np.array([9.0, 19.0, 9.0, UNKNOWN]),
        "itl_ms_high": np.array([12.0, 21.0, 11.0, UNKNOWN]),
    }
    (score,) = scores(columns, {"itl_ms": np.full(4, 10.0)})
    assert score.within_interval == pytest.approx(2 / 3)
    (score,) = scores(ESTIMATES, MEASURED)
    assert score.within_interval is None


def test_each_group_counts_once() -> None:
    found = {each.rows: each for each in scores(ESTIMATES, MEASURED, ["a", "a", "b", "b", "c"])}
    assert list(found) == ["all", "median of groups", "a", "b"]
    assert (found["a"].points, found["b"].points) == (2, 1)
    assert found["median of groups"].points == 2
    assert found["median of groups"].median_error == pytest.approx((0.1 + 1.5) / 2)


def test_a_row_without_both_figures_is_no_miss() -> None:
    misses = misses_of("itl_ms", ESTIMATES, MEASURED["itl_ms"])
    assert misses.rows.tolist() == [1, 2, 4]


def test_the_worst_row_is_farthest_by_ratio() -> None:
    assert [miss.row for miss in worst(ESTIMATES, MEASURED, 2)] == [4, 2]


def test_nothing_measured_is_no_score() -> None:
    assert scores(ESTIMATES, {"itl_ms": np.full(5, UNKNOWN)}) == []
