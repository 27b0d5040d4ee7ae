"""Releases of engines come one after another, and each engine of a profile that counts has some."""

from __future__ import annotations

from datetime import date

import pytest

from sizer.catalog.calibration import calibration, released, releases
from sizer.schema.facts.calibration import numbers


@pytest.mark.parametrize("engine", sorted(releases()))
def test_a_later_release_has_a_later_day(engine: str) -> None:
    days = {name: date.fromisoformat(day) for name, day in releases()[engine].days.items()}
    assert list(days) == sorted(days, key=lambda name: numbers(name) or ())
    assert list(days.values()) == sorted(days.values())


def test_engines_whose_times_were_measured_have_days() -> None:
    assert set(calibration().newest) <= set(releases())


def test_a_release_that_nobody_dated_has_no_day() -> None:
    assert released("vllm", "0.20") == "2026-04-27"
    assert released("vllm", "99.0") is None
    assert released("generic", "1.0") is None
