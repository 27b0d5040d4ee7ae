"""Numbers as sums of terms, and what is no sum as a term by itself."""

from __future__ import annotations

import ast

import pytest

from sizer.expr.regions.linear import difference, term, total


def tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("left", "right", "factors", "constant"),
    [
        ("a", "b", {"a": 1.0, "b": -1.0}, 0.0),
        ("a + 3", "1", {"a": 1.0}, 2.0),
        ("a + b + a", "b", {"a": 2.0}, 0.0),
        ("b + a", "0", {"a": 1.0, "b": 1.0}, 0.0),
        ("-(a - 2)", "0", {"a": -1.0}, 2.0),
        ("+(a - 2)", "0", {"a": 1.0}, -2.0),
        ("3 * (a + 2)", "0", {"a": 3.0}, 6.0),
        ("(a + 2) * 3", "0", {"a": 3.0}, 6.0),
        ("(a + 2) / 4", "0", {"a": 0.25}, 0.5),
        ("2 * 3", "a", {"a": -1.0}, 6.0),
        ("6 / 4", "a", {"a": -1.0}, 1.5),
        ("a * b", "0", {"a * b": 1.0}, 0.0),
        ("a / b", "1", {"a / b": 1.0}, -1.0),
        ("2 / a", "0", {"2 / a": 1.0}, 0.0),
        ("a / 0", "0", {"a / 0": 1.0}, 0.0),
        ("a / b", "c / b", {"a / b": 1.0, "c / b": -1.0}, 0.0),
        ("2 * (a % 3) + min(a, b)", "0", {"a % 3": 2.0, "min(a, b)": 1.0}, 0.0),
        ("a * b - a * b", "0", {}, 0.0),
    ],
)
def test_a_difference_is_a_sum_of_terms(
    left: str, right: str, factors: dict[str, float], constant: float
) -> None:
    found = difference(total(tree(left)), total(tree(right)))
    assert found
    assert found.factors == {term(tree(each)): factor for each, factor in factors.items()}
    assert list(found.factors) == sorted(found.factors)
    assert found.constant == constant


@pytest.mark.parametrize("text", ["1e308 * 10", "a * 1e308 * 10", "1e308 * 10 * a"])
def test_beyond_all_numbers_there_is_no_sum(text: str) -> None:
    assert difference(total(tree(text)), total(tree("1"))) is None
