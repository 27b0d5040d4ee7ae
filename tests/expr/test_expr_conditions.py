from __future__ import annotations

import pytest

from sizer.expr.check.check import compile_condition
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.explain.conditions import Condition, conditions
from sizer.expr.text.source import plain
from sizer.schema.asked.parameter import Names, Parameter
from sizer.schema.metrics import registry

NAMES: Names = {
    **registry(),
    "strict": Parameter("strict", value=True),
    "most": Parameter("most", 4.0),
}


def of(text: str) -> tuple[Condition, ...]:
    return conditions(compile_condition(plain(text), NAMES))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fits", ["fits"]),
        ("tp < 4", ["tp < 4"]),
        ("tp < most", ["tp < most"]),
        ("not (fits and tp < 4)", ["fits", "tp < 4"]),
        ("1 < tp <= 4", ["1 < tp", "tp <= 4"]),
        ("1 < tp <= most or fits", ["1 < tp", "tp <= most", "fits"]),
        ("strict and fits", ["strict", "fits"]),
        ("fits if is_moe else true", ["is_moe", "fits"]),
        ("itl_ms < (10 if is_moe else 20)", ["itl_ms < (10 if is_moe else 20)", "is_moe"]),
        ("max(tp, 4 if pp > 1 else 8) > 2", ["max(tp, 4 if pp > 1 else 8) > 2", "pp > 1"]),
        ("coalesce(tp < 4, fits)", ["coalesce(tp < 4, fits)", "tp < 4"]),
        ("is_known(cost)", ["is_known(cost)"]),
        ("weights in ('fp8',\n  'bf16')", ["weights in ('fp8', 'bf16')"]),
    ],
)
def test_conditions_are_found_as_written(text: str, found: list[str]) -> None:
    assert sorted(each.text for each in of(text)) == sorted(found)


def test_the_tests_of_choices_are_found_however_deep() -> None:
    for text, tests in (
        ("tp < ((2 if pp > 1 else 3) if fits else 4)", ["fits", "pp > 1"]),
        ("tp < (1 if fits else (2 if is_moe else 3))", ["fits", "is_moe"]),
    ):
        assert [each.text for each in of(text)] == [text, *tests]


def test_a_condition_stands_where_it_is_written() -> None:
    text = "not (fits and 1 < tp <= 4)"
    assert [text[slice(*each.span)] for each in of(text)] == ["fits", "1 < tp", "tp <= 4"]


def test_a_forced_condition_decides_alone() -> None:
    first, second = of("tp < 4 or fits")
    assert evaluate_row(first.forced(truth=True), {"tp": 8.0, "fits": False}) is True
    assert evaluate_row(second.forced(truth=False), {"tp": 8.0, "fits": True}) is False
    assert evaluate_row(first.whole, {"tp": 8.0, "fits": True}) is True


def test_forcing_one_step_of_a_chain_leaves_the_others() -> None:
    below, above = of("1 < tp <= 4")
    row = {"tp": 8.0}
    assert evaluate_row(below.forced(truth=True), row) is False
    assert evaluate_row(above.forced(truth=True), row) is True


def test_a_condition_alone_reads_its_own_metrics() -> None:
    first, second = of("tp < 4 or fits")
    assert evaluate_row(first.alone, {"tp": 2.0}) is True
    assert evaluate_row(second.alone, {}) is None
