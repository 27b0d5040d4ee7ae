from __future__ import annotations

from collections.abc import Sequence

import pytest

from sizer.schema.series import Series


class Squares:
    """Makes squares, and remembers of which numbers it was asked for them."""

    def __init__(self) -> None:
        self.asked: list[range] = []

    def __call__(self, numbers: range) -> Sequence[int]:
        self.asked.append(numbers)
        return [number**2 for number in numbers]


def test_items_are_made_when_they_are_read_a_block_at_a_time() -> None:
    squares = Squares()
    series = Series(7, squares, at_a_time=3)
    assert (len(series), squares.asked) == (7, [])
    first = next(iter(series))
    assert (first, squares.asked) == (0, [range(3)])
    assert [*series] == [0, 1, 4, 9, 16, 25, 36]
    assert squares.asked[1:] == [range(3), range(3, 6), range(6, 7)]


def test_one_item_and_some_are_made_alone() -> None:
    squares = Squares()
    series = Series(10, squares)
    assert (series[3], series[-1], series[1:8:3]) == (9, 81, (1, 16, 49))
    assert list(map(len, squares.asked)) == [1, 1, 3]
    with pytest.raises(IndexError):
        series[10]


def test_a_series_is_what_its_items_are() -> None:
    series = Series(3, Squares())
    assert series == (0, 1, 4)
    assert series == Series.of([0, 1, 4])
    assert series != (0, 1)
    assert series != (0, 1, 5)
    assert hash(series) == hash((0, 1, 4))
    assert Series.of(series) is series


def test_what_is_made_of_items_is_made_later_too() -> None:
    squares = Squares()
    halves = Series(4, squares, at_a_time=2).mapped(lambda each: each / 2)
    assert squares.asked == []
    assert halves == (0.0, 0.5, 2.0, 4.5)
    assert halves[1::2] == (0.5, 4.5)
