"""A rate near what is sustained is said to be so, with what that does to latencies."""

from __future__ import annotations

import pytest

from sizer.render.report.words import near_saturation
from sizer.schema.answered.report import Choice


@pytest.mark.parametrize(
    ("busy", "high", "said"),
    [
        (0.5, 0.9, ""),
        (0.7, 1.2, "utilization is 0.7, and up to 1.2 within its interval"),
        (0.85, 0.95, "utilization is 0.85: a small error"),
        (0.85, None, "utilization is 0.85: a small error"),
    ],
)
def test_it_is_said_from_where_an_interval_or_the_load_reaches(
    busy: float, high: float | None, said: str
) -> None:
    choice = Choice("x", {"request_rate": 4.0, "utilization": busy, "utilization_high": high})
    assert near_saturation(choice).startswith(said)
    assert bool(near_saturation(choice)) == bool(said)


def test_a_closed_loop_is_never_near_it() -> None:
    closed = Choice("x", {"request_rate": None, "utilization": 0.99, "utilization_high": 1.0})
    assert near_saturation(closed) == ""
