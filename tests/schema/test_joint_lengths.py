"""Moments of lengths that a log has: of its pairs, or as they were summed."""

from math import inf, sqrt

import pytest

from sizer.schema.facts.lengths import JointLengths

HALVES = JointLengths(((100.0, 10.0, 0.5), (300.0, 50.0, 0.5)))


def test_moments_weigh_each_pair_by_its_share() -> None:
    assert HALVES.input_tokens == 200
    assert HALVES.output_tokens == 30
    assert HALVES.moment(2) == (100**2 + 300**2) / 2
    assert HALVES.moment(6) == (100**6 + 300**6) / 2
    assert HALVES.moment(0, 2) == (10**2 + 50**2) / 2
    assert HALVES.moment(1, 1) == (100 * 10 + 300 * 50) / 2
    assert HALVES.moment() == 1


def test_spreads_are_standard_deviations_over_means() -> None:
    assert HALVES.input_tokens_spread == pytest.approx(100 / 200)
    assert HALVES.output_tokens_spread == pytest.approx(20 / 30)
    assert JointLengths(((8.0, 0.0, 1.0),)).output_tokens_spread == inf


def test_a_moment_that_was_summed_goes_before_that_of_the_pairs() -> None:
    summed = JointLengths(HALVES.pairs, exact=((2, 0, 60_000.0),))
    assert summed.moment(2) == 60_000
    assert summed.moment(0, 2) == HALVES.moment(0, 2)
    assert summed.input_tokens_spread == pytest.approx(sqrt(60_000 / 200**2 - 1))
