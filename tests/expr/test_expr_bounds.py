"""What is as large as the language allows is accepted; what is larger by one is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from faults import excerpt
from test_expr_check import diagnostics

from sizer.expr.text.limits import CHARACTERS, DEPTH, NODES


def negated(parts: int) -> str:
    return "not " * (parts - 1) + "fits"


def smallest_of_many(parts: int) -> str:
    """Return a comparison of so many parts: itself, a call, its name, a bound and the rest."""
    return f"min({','.join(['tp'] * (parts - 4))}) < 1"


def padded(characters: int) -> str:
    return "fits".ljust(characters)


def bracketed(depth: int) -> str:
    return "(" * depth + "fits" + ")" * depth


@pytest.mark.parametrize(
    ("text", "bound", "message"),
    [
        (negated, DEPTH, "the expression is nested more than 50 deep"),
        (smallest_of_many, NODES, "the expression is larger than 500 parts"),
    ],
)
def test_a_tree_may_be_as_large_as_the_bound(
    text: Callable[[int], str], bound: int, message: str
) -> None:
    assert diagnostics(text(bound)) == ()
    (only,) = diagnostics(f"  {text(bound + 1)} ")
    assert (only.code, only.message) == ("SZ205", message)
    assert excerpt(only) == text(bound + 1)
    assert only.help == "split it into several rules"


def test_signs_are_counted_from_the_first() -> None:
    (only,) = diagnostics("fits or " + negated(DEPTH + 1))
    assert only.message == "the expression is nested more than 50 deep"


def test_a_text_may_be_as_long_as_the_bound() -> None:
    assert diagnostics(padded(CHARACTERS)) == ()
    (only,) = diagnostics(padded(CHARACTERS) + "xyz")
    assert (only.code, excerpt(only)) == ("SZ205", "x")


@pytest.mark.parametrize(("opened", "mark"), [(bracketed, "("), (negated, "not")])
def test_what_opens_may_do_so_as_often_as_the_bound(
    opened: Callable[[int], str], mark: str
) -> None:
    assert diagnostics(opened(DEPTH)) == ()
    (only,) = diagnostics(opened(DEPTH + 2))
    assert (only.code, only.message, excerpt(only)) == (
        *("SZ205", "nested more than 50 deep", mark),
    )
    assert only.place
    assert only.place.column == (len(mark) + (mark == "not")) * DEPTH + 1
