"""A day in words: hours, accelerators, and what is saved."""

from __future__ import annotations

import pytest

from sizer.render.kit.figures import DASH
from sizer.render.report.day import day_lines
from sizer.schema.answered.day import Day, Unmet
from sizer.schema.answered.report import Bought, Choice

RATES = (1.0, 2.0, 8.0, *[4.0] * 21)


def day(fixed: float | None = 7300.0, unmet: tuple[Unmet, ...] = ()) -> Day:
    saved = None if fixed is None else fixed - 3650.0
    scaled = None if fixed is None else 3650.0
    replicas = (1, 1, 3, *[2] * 21)
    gpus = tuple(each + 1 for each in replicas)
    return Day(RATES, replicas, gpus, 4, 71 / 24, 71.0, fixed, scaled, saved, unmet)


def bought(provider: str, term: str) -> Bought:
    return Bought(provider, None, term, (), 10.0, 4, 0, 1, 10.0, provider, 10.0, provider)


def lines(found: Day, paid: Bought | None = None) -> list[tuple[str, str]]:
    return [*day_lines(Choice("x", {"spare_replicas": 1.0}, bought=paid, day=found))]


def test_a_day_is_a_few_lines() -> None:
    assert lines(day()) == [
        ("rate by hour", "▁▂█" + "▄" * 21 + " 1 to 8 requests/s, busiest at 02:00"),
        ("replicas by hour", "1 1 3" + " 2" * 21 + ", and 1 to spare"),
        ("by the day", "4 accelerators at the peak, 2.958 in the mean, 71 accelerator-hours"),
        ("by the month", "7,300 USD fixed, 3,650 USD scaled: 3,650 USD less (50 %)"),
    ]


def test_unknown_costs_are_unknown() -> None:
    assert lines(day(None))[-1] == ("by the month", "cost unknown")


@pytest.mark.parametrize(
    ("provider", "term", "idle"),
    [("aws", "on_demand", False), ("aws", "reserved", True), ("owned", "on_demand", True)],
)
def test_what_idles_is_paid_for_where_it_is_reserved_or_owned(
    provider: str, term: str, *, idle: bool
) -> None:
    said = [text for _, text in lines(day(), bought(provider, term))]
    assert any(each.startswith("idle ones are paid for too") for each in said) is idle


def test_hours_that_follow_each_other_are_one_span() -> None:
    label, said = lines(day(unmet=(Unmet("cost_usd_per_mtok <= 1", (0, 1, 2, 23)),)))[-1]
    assert label == "not kept"
    assert said.startswith(f"cost_usd_per_mtok <= 1 at 00:00{DASH}02:00, 23:00")


def test_nothing_is_said_where_no_day_is_asked_about() -> None:
    assert not [*day_lines(Choice("x", {}))]
