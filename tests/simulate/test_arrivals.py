"""Requests of a load: as many, as far apart and as long as it says, by a seed."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from attrs import evolve

from sizer.schema.facts.lengths import JointLengths
from sizer.schema.scenario import Load
from sizer.simulate import requests_of

LOAD = Load(1000, 200, None, 5.0, 4096, input_tokens_spread=0.5, output_tokens_spread=1.0)
MANY = 200_000


def test_gaps_have_the_rate_and_the_spread_of_their_shape() -> None:
    for shape in (0.25, 1.0, 4.0):
        found = requests_of(evolve(LOAD, burstiness=shape), 1, 16, count=MANY)
        gaps = np.diff(found.arrival_s)
        assert gaps.mean() == pytest.approx(0.2, rel=0.02)
        assert gaps.var() / gaps.mean() ** 2 == pytest.approx(1 / shape, rel=0.05)


def test_equal_gaps_are_equal() -> None:
    found = requests_of(evolve(LOAD, burstiness=inf), 1, 16, count=100)
    assert np.diff(found.arrival_s) == pytest.approx(0.2)


def test_lengths_have_their_mean_and_spread() -> None:
    found = requests_of(LOAD, 1, 16, count=MANY)
    for lengths, mean, spread in ((found.input_tokens, 1000, 0.5), (found.output_tokens, 200, 1.0)):
        assert lengths.mean() == pytest.approx(mean, rel=0.02)
        assert lengths.std() / lengths.mean() == pytest.approx(spread, rel=0.05)
        assert lengths.min() >= 1


def test_lengths_of_a_log_are_its_pairs_by_their_shares() -> None:
    logged = JointLengths(((100.0, 10.0, 0.75), (300.0, 50.0, 0.25)))
    found = requests_of(evolve(LOAD, lengths=logged), 1, 16, count=MANY)
    pairs = set(zip(found.input_tokens.tolist(), found.output_tokens.tolist(), strict=True))
    assert pairs == {(100, 10), (300, 50)}
    assert np.mean(found.input_tokens == 100) == pytest.approx(0.75, abs=0.01)


def test_the_first_requests_are_the_same_however_many_are_drawn() -> None:
    few, many = (requests_of(LOAD, 3, 16, count=count) for count in (100, 1000))
    for name in ("arrival_s", "input_tokens", "output_tokens"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:100])
    other = requests_of(LOAD, 4, 16, count=100)
    assert not np.array_equal(few.arrival_s, other.arrival_s)


def test_a_duration_has_the_requests_of_its_rate() -> None:
    found = requests_of(LOAD, 3, 16, duration_s=1000.0)
    assert found.arrival_s[-1] < 1000
    assert len(found) == pytest.approx(5000, rel=0.05)
    bursty = requests_of(evolve(LOAD, burstiness=0.01), 3, 16, duration_s=1000.0)
    assert bursty.arrival_s[-1] < 1000


def test_a_closed_load_has_eight_waves_or_what_its_benchmark_has() -> None:
    closed = evolve(LOAD, request_rate=None, concurrency=32)
    assert len(requests_of(closed, 1, 16)) == 256
    assert len(requests_of(evolve(closed, requests=300), 1, 16)) == 300
    people = evolve(LOAD, request_rate=None, users=500, think_time_s=10.0)
    found = requests_of(people, 1, 16)
    assert (found.users, len(found)) == (500, 4000)
    assert found.think_s is not None
    assert found.think_s.mean() == pytest.approx(10.0, rel=0.1)


def test_prefixes_are_of_whole_blocks_and_one_of_each_group() -> None:
    shared = evolve(LOAD, shared_prefix_tokens=100, prefix_groups=3)
    found = requests_of(shared, 1, 16, count=1000)
    assert found.prefix_tokens == 96
    assert {part for parts in found.prefixes for part in parts} == {0, 1, 2}
    assert found.input_tokens.min() > 100
    assert requests_of(evolve(shared, shared_prefix_tokens=10), 1, 16, count=9).prefixes == ()
