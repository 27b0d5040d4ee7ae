"""Two estimators as one: the mean of two paces, and an interval as wide as they disagree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scenarios import deployment, grid

from sizer.estimate import estimate, estimator
from sizer.estimate.both import (
    BOTH,
    TERMS,
    disagreement,
    itl_ms,
    itl_ms_high,
    itl_ms_low,
    scale_factor,
    tokens_per_second_high,
    tokens_per_second_low,
)
from sizer.estimate.columns.axes import AXIS_OF
from sizer.estimate.columns.estimator import LOADED
from sizer.estimate.columns.graph import plan
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Load, Scenario

PACES = st.floats(0.1, 1e3)
LOWS = st.floats(0.2, 0.99)
HIGHS = st.floats(1.01, 5.0)
NORMAL = 1.645  # standard deviations from the middle to either end of nine in ten
LLAMA = deployment("meta-llama/Llama-3.1-8B")


def column(value: float) -> NDArray[np.float64]:
    return np.array([value])


def interval(
    own: float, other: float, low: float, high: float, other_low: float, other_high: float
) -> tuple[float, float, float]:
    """Return low, mean and high of two paces and the ratios of their intervals."""
    apart = disagreement(column(own), column(other))
    mean = itl_ms(column(own), apart)
    ratios = [column(each) for each in (low, high, other_low, other_high)]
    scale = scale_factor(apart, *ratios, column(NORMAL))
    first = itl_ms_low(mean, apart, scale, ratios[0], ratios[2])
    last = itl_ms_high(mean, apart, scale, ratios[1], ratios[3])
    return float(first[0]), float(mean[0]), float(last[0])


def test_a_mean_by_hand() -> None:
    """8 and 12.5 ms are 10 ms in the mean; both intervals are a factor of 1.5 on either side.

    Errors of correlation 0.5: the mean's end is log(1.5) x sqrt(1 + 1 + 1) / 2 from it. The
    disagreement, log(12.5 / 8) = 0.446, is expected to have a deviation of log(1.5) / 1.645 x
    sqrt(1 + 1 - 1) = 0.2465, so the interval is 1.811 times as wide.
    """
    low, mean, high = interval(8.0, 12.5, 1 / 1.5, 1.5, 1 / 1.5, 1.5)
    reach = math.log(1.5) * math.sqrt(3) / 2 * math.log(12.5 / 8) / (math.log(1.5) / NORMAL)
    assert mean == pytest.approx(10.0)
    assert (low, high) == pytest.approx((10 * math.exp(-reach), 10 * math.exp(reach)))
    assert reach == pytest.approx(0.3511 * 1.811, rel=1e-3)


def test_two_that_agree_are_surer_than_one() -> None:
    low, mean, high = interval(10.0, 10.0, 1 / 1.5, 1.5, 1 / 1.5, 1.5)
    assert mean == 10.0
    assert 10 / 1.5 < low < high < 15


def test_one_that_agrees_makes_nobody_less_sure() -> None:
    found = interval(10.0, 10.0, 1 / 1.5, 1.5, 0.1, 10.0)
    assert found == pytest.approx((10 / 1.5, 10.0, 15.0))


@given(PACES, PACES, LOWS, HIGHS, LOWS, HIGHS)
def test_the_mean_lies_between_both_and_in_its_interval(
    own: float, other: float, low: float, high: float, other_low: float, other_high: float
) -> None:
    first, mean, last = interval(own, other, low, high, other_low, other_high)
    assert min(own, other) * (1 - 1e-9) <= mean <= max(own, other) * (1 + 1e-9)
    assert first < mean < last


@given(PACES, st.floats(0.01, 3), st.floats(0.01, 3), LOWS, HIGHS)
def test_more_disagreement_is_no_narrower(
    own: float, near: float, more: float, low: float, high: float
) -> None:
    close = interval(own, own * math.exp(near), low, high, low, high)
    apart = interval(own, own * math.exp(near + more), low, high, low, high)
    assert apart[2] / apart[0] >= close[2] / close[0] * (1 - 1e-9)


@given(PACES, LOWS, HIGHS)
def test_where_the_other_has_no_pace_ours_stands_as_it_is(
    own: float, low: float, high: float
) -> None:
    found = interval(own, math.nan, low, high, 0.5, 2.0)
    assert found == pytest.approx((own * low, own, own * high))
    rate, scale = column(1000.0), column(1.0)
    assert tokens_per_second_low(rate, column(low), scale) == pytest.approx(1000.0 * low)


def test_throughput_is_no_more_than_arrives() -> None:
    offered = (column(2.0), column(512.0))
    assert tokens_per_second_high(column(1000.0), column(1.5), column(2.0), *offered) == 1024.0


def test_every_metric_follows_from_what_it_is_given() -> None:
    given = BOTH.gives.union(BOTH.again, AXIS_OF, (LOADED,))
    assert plan(TERMS, given, [metric.name for metric in METRICS])


def scenario(gpu: str, load: Load) -> Scenario:
    return grid((LLAMA,), (gpu,), loads=(load,))


def figures(who: str, asked: Scenario, *names: str) -> list[float]:
    pytest.importorskip("aiconfigurator_core", reason="needs the extra: pip install .[aic]")
    table = estimator(who).estimate(asked, names)
    return [float(table[name].values[0]) for name in names]


LOAD = Load(1024, 256, 8, None, 2048)


def test_where_both_answer_the_pace_is_their_mean_and_the_first_token_ours() -> None:
    asked = scenario("H100-SXM5-80GB", LOAD)
    ((own, first), (other, _)) = (
        figures(who, asked, "itl_ms", "ttft_ms") for who in ("analytic", "aiconfigurator")
    )
    pace, token, rate = figures("both", asked, "itl_ms", "ttft_ms", "tokens_per_second")
    assert pace == pytest.approx(math.sqrt(own * other))
    assert token == first
    assert rate == pytest.approx(8 * 256e3 / (token + 255 * pace))


def test_where_it_has_no_table_every_figure_is_ours() -> None:
    asked = scenario("L4", LOAD)
    names = [metric.name for metric in METRICS if metric.kind == "number"]
    assert figures("both", asked, *names) == pytest.approx(
        figures("analytic", asked, *names), nan_ok=True, rel=1e-12
    )


def test_requests_that_wait_for_a_place_do_not_slow_the_pace() -> None:
    asked = scenario("H100-SXM5-80GB", Load(1024, 256, 20_000, None, 2048))
    (running,) = (float(each) for each in estimate(asked, ["running"])["running"].values)
    at_once = scenario("H100-SXM5-80GB", Load(1024, 256, int(running), None, 2048))
    assert figures("both", asked, "itl_ms") == pytest.approx(figures("both", at_once, "itl_ms"))
