"""One metric moved, whatever the condition is: the edge that is found, and the value tried."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sizer.expr.explain.moves import Thresholds, moved
from sizer.schema.metrics import registry

TTFT = registry()["ttft_ms"]
NONE = Thresholds((), ())


@pytest.mark.parametrize(
    ("now", "turns", "relation", "needed"),
    [
        (8.0, lambda value: value <= 1, "at most", 1.0),
        (8.0, lambda value: value < 1, "below", 1.0),
        (8.0, lambda value: value > 20, "above", 20.0),
        (8.0, lambda value: value >= 20, "at least", 20.0),
        (8.0, lambda value: value == 0, "exactly", 0.0),
        (0.0, lambda value: value > 0.75, "above", 0.75),
        (1e6, lambda value: value < 1e-6, "below", 1e-6),
        (1e-6, lambda value: value >= 1, "at least", 1.0),
    ],
)
def test_an_edge_is_found_without_any_landmark(
    now: float, turns: Callable[[float], bool], relation: str, needed: float
) -> None:
    found = moved(TTFT, now, NONE, turns)
    assert found
    assert (found.change.relation, found.change.needed) == (relation, pytest.approx(needed))
    assert turns(found.value)


def test_an_edge_beside_a_landmark_is_the_landmark_and_any_other_is_not() -> None:
    third = 1e-5 / 3
    for mark in (third, 2e-6, 3e-6):
        found = moved(
            TTFT, 1e-5, Thresholds((mark,), ()), lambda value: value <= third * (1 + 1e-15)
        )
        assert found
        assert found.change.needed == (third if mark == third else float(f"{third:.12g}"))


def test_no_value_that_turns_is_no_move() -> None:
    for now in (8.0, 0.0, None):
        assert moved(TTFT, now, NONE, lambda _: False) is None
