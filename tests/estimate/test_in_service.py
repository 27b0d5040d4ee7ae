"""Requests in service: as many as arrive while one is held, each row found by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.estimate.columns.in_service import Offered, balanced
from sizer.schema.table import Values

FIXED, EACH, MOST = 2.0, 0.01, 256.0  # seconds that a request is held: alone, and for each beside
CAPACITY = MOST / (FIXED + EACH * MOST)


def held_s(in_service: Values) -> Values:
    return FIXED + EACH * np.maximum(in_service, 1.0)


def with_jumps(in_service: Values) -> Values:
    """Return what captured batches make of it: steps up at every 32 requests."""
    return FIXED + EACH * 32.0 * np.ceil(np.maximum(in_service, 1.0) / 32.0)


def rates(*values: float, busiest: float = 1.0) -> Offered:
    rate = np.array(values)
    unknown = np.full_like(rate, np.nan)
    return Offered(rate, unknown, np.zeros_like(rate), np.full_like(rate, busiest))


def most(offered: Offered) -> Values:
    return np.full_like(offered.rate, MOST)


@given(st.lists(st.floats(1e-3, 0.999), min_size=1, max_size=20))
def test_as_many_arrive_as_are_held(shares: list[float]) -> None:
    offered = rates(*(share * CAPACITY for share in shares))
    found = balanced(offered, most(offered), held_s)
    assert found == pytest.approx(offered.rate * held_s(found), rel=1e-8)


@given(st.lists(st.floats(1e-3, 2.0), min_size=2, max_size=20))
def test_a_row_does_not_depend_on_the_others(shares: list[float]) -> None:
    values = [share * CAPACITY for share in shares]
    together = balanced(rates(*values), most(rates(*values)), held_s)
    alone = [balanced(rates(each), most(rates(each)), held_s)[0] for each in values]
    assert np.array_equal(together, np.array(alone), equal_nan=True)


@given(st.floats(0.1, 0.9))
def test_a_jump_never_leaves_fewer_than_arrive(share: float) -> None:
    offered = rates(share * CAPACITY)
    (found,) = balanced(offered, most(offered), with_jumps)
    below = np.array([found * (1 - 1e-6)])
    assert offered.rate[0] * with_jumps(below)[0] >= below[0]


def test_capacity_itself_is_too_much() -> None:
    offered = rates(CAPACITY * (1 - 1e-12), CAPACITY, 2 * CAPACITY)
    found = balanced(offered, most(offered), held_s)
    assert np.isnan(found).tolist() == [False, True, True]


def test_the_busiest_group_is_full_first() -> None:
    offered = rates(0.6 * CAPACITY, busiest=2.0)
    assert np.isnan(balanced(offered, most(offered), held_s)[0])


def test_users_who_do_not_think_are_all_in_flight() -> None:
    users = np.array([1.0, 100.0, 1000.0])
    unknown = np.full_like(users, np.nan)
    offered = Offered(unknown, users, np.zeros_like(users), np.ones_like(users))
    assert balanced(offered, np.full_like(users, MOST), held_s) == pytest.approx(users)


def test_users_think_while_others_are_served() -> None:
    think = 10.0
    one = np.array([50.0])
    offered = Offered(np.array([np.nan]), one, np.array([think]), np.ones(1))
    (found,) = balanced(offered, np.array([MOST]), held_s)
    held = held_s(np.array([found]))[0]
    assert found == pytest.approx(50.0 * held / (held + think))
