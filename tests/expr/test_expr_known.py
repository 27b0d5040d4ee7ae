"""Conditions that no candidate can meet, as far as the candidates are known."""

from __future__ import annotations

import pytest

from sizer.expr.check.check import compile_condition
from sizer.expr.language.cell import Cell
from sizer.expr.language.expression import Expression
from sizer.expr.partial_rows import asks_what_is_known, holds_for_none
from sizer.expr.regions.truths import where
from sizer.expr.text.source import plain
from sizer.schema.metrics import registry

ROWS: list[dict[str, Cell]] = [
    {"gpu": "L4", "is_moe": False, "params_b": 7.0, "tp": None, "itl_ms": None},
    {"gpu": "H100", "is_moe": True, "params_b": 70.0, "tp": 8.0, "itl_ms": None},
]


def compiled(text: str) -> Expression:
    return compile_condition(plain(text), registry())


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("gpu == 'T4'", True),
        ("gpu != 'T4'", False),
        ("gpu == 'L4' and is_moe", True),
        ("gpu == 'H100' and is_moe", False),
        ("not is_moe and params_b > 8", True),
        ("params_b > 7", False),
        ("params_b > 70", True),
        ("tp == 4 and gpu == 'H100'", True),
        ("tp == 4", False),
        ("gpus > 16", True),
        ("gpus >= 16", False),
        ("itl_ms < 1", False),
        ("params_b * 2 > 1000", True),
        ("max(params_b, 1) > 1000", True),
        ("max(params_b, 1) > 60", False),
        ("max(params_b, tp) > 1000", False),
        ("coalesce(params_b, 1) > 1000", False),
        ("is_known(params_b) and gpu == 'T4'", True),
        ("is_known(tp) and params_b > 70", True),
        ("is_known(tp) and params_b > 60", False),
    ],
)
def test_what_no_candidate_can_meet(text: str, none: bool) -> None:  # noqa: FBT001
    expression = compiled(text)
    region = where(expression.tree.body, registry())
    assert holds_for_none(expression, region, ROWS, {"gpus": 16.0}) is none


def test_of_no_candidates_nothing_holds() -> None:
    expression = compiled("fits")
    assert holds_for_none(expression, where(expression.tree.body, registry()), [], {})


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("is_known(tp)", True),
        ("fits and 1 < coalesce(tp, pp)", True),
        ("log2(tp) < 1", False),
        ("max(tp, abs(pp)) < 1 or fits", False),
    ],
)
def test_only_some_functions_tell_what_is_open_from_a_value(text: str, asks: bool) -> None:  # noqa: FBT001
    assert asks_what_is_known(compiled(text)) is asks
