"""The usual spaces of an expression."""

from __future__ import annotations

import pytest

from sizer.expr.tidy import tidied


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tp<1", "tp < 1"),
        ("  tp  <  1 ", "tp < 1"),
        ("(tp<1)and(not fits)", "(tp < 1) and (not fits)"),
        ("min ( tp,2 )>=1", "min(tp, 2) >= 1"),
        ("tp in( 1,2 )", "tp in (1, 2)"),
        ("tp not in[ -1,+2 ]", "tp not in [-1, +2]"),
        ("-tp< - 3-1", "-tp < -3 - 1"),
        ("not - tp<1", "not -tp < 1"),
        ("tp*-2//3 %1", "tp * -2 // 3 % 1"),
        ("1 if fits else(2)", "1 if fits else (2)"),
        ("(tp) -1<2", "(tp) - 1 < 2"),
        ("tp -1<2", "tp - 1 < 2"),
        ("tp in[1]-1", "tp in [1] - 1"),
        ("tp<10msec", "tp < 10msec"),
        ("tp =1", "tp = 1"),
        ("gpu=='H  100'", "gpu == 'H  100'"),
        ("cost   then tp  desc", "cost then tp desc"),
    ],
)
def test_one_space_where_one_belongs(before: str, after: str) -> None:
    assert tidied(before) == after
    assert tidied(after) == after


@pytest.mark.parametrize("text", ["", " ", "tp <", "10msec", "tp = 1", "'open", "tp < 1or fits"])
def test_what_is_not_well_formed_says_the_same(text: str) -> None:
    assert tidied(text).split() == text.split()
