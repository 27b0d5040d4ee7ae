"""The law of joining: the best of parts join to the best of all, in any order, however split."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sizer.select import Best, Lead

FEW = st.sampled_from([0.0, 1.0, 2.0, np.inf])  # many are alike
Candidate = tuple[float, float, int]


@st.composite
def parts(draw: st.DrawFn) -> list[list[int]]:
    """Draw the numbers of some candidates in parts: any split of any order, also empty ones."""
    order = draw(st.permutations(range(draw(st.integers(0, 24)))))
    cuts = draw(st.lists(st.integers(0, len(order)), max_size=6))
    return [order[a:b] for a, b in pairwise(sorted([0, *cuts, len(order)]))]


def best_of(part: list[int], all_of: list[Candidate], limit: int | None, *, each: bool) -> Best:
    rows = np.array(part, np.intp)
    first, second, groups = (np.array([all_of[n][key] for n in part]) for key in range(3))
    among = np.arange(len(part))
    if each:
        return Best.of_each((first, second), among, rows, groups.astype(np.intp))
    return Best.of((first, second), among, rows, limit)


def joined(found: list[Best], data: st.DataObject) -> Best:
    """Join some of what is left, in whatever order is drawn, until one is left."""
    left = list(found)
    while len(left) > 1:
        one, *more = data.draw(st.permutations(left))
        count = data.draw(st.integers(1, len(more)))
        left = [one.joined(*more[:count]), *more[count:]]
    return left[0]


@given(st.data(), parts(), st.sampled_from([1, 2, 5, None]))
def test_the_best_few_of_parts_are_those_of_all(
    data: st.DataObject, split: list[list[int]], limit: int | None
) -> None:
    count = sum(map(len, split))
    shape = st.tuples(FEW, FEW, st.just(0))
    candidates = data.draw(st.lists(shape, min_size=count, max_size=count))
    found = joined([best_of(each, candidates, limit, each=False) for each in split], data)
    expected = sorted(range(count), key=lambda n: (*candidates[n], n))[:limit]
    assert found.ordered.tolist() == expected
    assert found.first.rows.tolist() == expected[:1]
    assert len(found) == len(expected), "no more is held than is asked for"


@given(st.data(), parts())
def test_the_best_of_each_group_is_that_of_all(data: st.DataObject, split: list[list[int]]) -> None:
    count = sum(map(len, split))
    shape = st.tuples(FEW, FEW, st.integers(0, 4))
    candidates = data.draw(st.lists(shape, min_size=count, max_size=count))
    found = joined([best_of(each, candidates, 1, each=True) for each in split], data)
    groups = {group for _, _, group in candidates}
    expected = {
        group: min(
            (n for n in range(count) if candidates[n][2] == group),
            key=lambda n: (*candidates[n][:2], n),
        )
        for group in groups
    }
    assert dict(zip(found.groups.tolist(), found.rows.tolist(), strict=True)) == expected
    assert len(found) == len(expected), "one is held of each"


@given(st.data(), st.lists(st.tuples(FEW, FEW), max_size=12))
@settings(max_examples=50)
def test_leads_of_parts_join_to_that_of_all(
    data: st.DataObject, ranks: list[tuple[float, float]]
) -> None:
    leads = [Lead(each, 1, int(np.isinf(each[0]))) for each in ranks]
    found = Lead()
    for each in data.draw(st.permutations(leads)):
        found = each.joined(found) if data.draw(st.booleans()) else found.joined(each)
    best = min(ranks, default=())
    unranked = sum(np.isinf(first) for first, _ in ranks)
    assert found == Lead(best, ranks.count(best) if best else 0, unranked)
