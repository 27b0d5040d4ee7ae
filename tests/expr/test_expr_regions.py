"""Unions and intersections of boxes, up to as many as are told apart."""

from __future__ import annotations

from math import inf

from sizer.expr.regions.regions import EVERYWHERE, MOST_BOXES, NOWHERE, Region, both, either, within


def at(term: str, number: int) -> Region:
    return within(term, (float(number), False, float(number), False))


def several(term: str, boxes: int) -> Region:
    return either(at(term, number) for number in range(boxes))


def test_a_union_of_too_many_parts_is_everywhere() -> None:
    assert several("a", MOST_BOXES) == tuple({"a": (n, False, n, False)} for n in range(MOST_BOXES))
    assert several("a", MOST_BOXES + 1) == EVERYWHERE
    assert either([at("a", 1), EVERYWHERE]) == EVERYWHERE
    assert either([]) == NOWHERE


def test_an_intersection_of_too_many_parts_leaves_the_last_out() -> None:
    first, second = several("a", 8), several("b", MOST_BOXES // 8)
    assert both([first, second]) == tuple({**a, **b} for a in first for b in second)
    assert both([first, several("b", MOST_BOXES // 8 + 1)]) == first
    assert both([]) == EVERYWHERE


def test_boxes_meet_where_every_term_can() -> None:
    low = within("a", (0.0, False, 2.0, True))
    assert both([low, within("a", (1.0, True, inf, True))]) == ({"a": (1.0, True, 2.0, True)},)
    assert both([low, at("a", 2)]) == NOWHERE
    assert both([low, at("a", 0)]) == at("a", 0)
    assert within("a", (1.0, True, 1.0, False)) == NOWHERE
    some = within("gpu", (None, frozenset({"L4"})))
    assert both([some, within("gpu", (None, frozenset({"T4"})))]) == (
        {"gpu": (None, frozenset({"L4", "T4"}))},
    )
    assert both([some, within("gpu", (frozenset({"L4"}), frozenset()))]) == NOWHERE
