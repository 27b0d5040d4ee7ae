"""Three-valued logic and arithmetic, each case by row and by column."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from strategies_expr import NAMES, TEXTS

from sizer.expr.check.check import compile_condition, compile_value
from sizer.expr.columns.columns import evaluate
from sizer.expr.columns.masks import COLUMNS
from sizer.expr.evaluate.rows import ROWS, evaluate_row
from sizer.expr.language.cell import Cell
from sizer.expr.language.functions import FUNCTIONS
from sizer.expr.text.source import plain
from sizer.schema.asked.parameter import Names, Parameter
from sizer.schema.table import Column

ROW: Mapping[str, Cell] = {"a_ms": 3.0, "b_ms": None, "tp": 4.0, "fits": True, "gpu": "L4"}


def column_of(name: str, cell: Cell) -> Column:
    if NAMES[name].kind == "number":
        return Column(np.array([np.nan if cell is None else cell], dtype=np.float64))
    if NAMES[name].kind == "bool":
        return Column(np.array([-1 if cell is None else cell], dtype=np.int8))
    code = -1 if cell is None else TEXTS[name].index(str(cell))
    return Column(np.array([code], dtype=np.int32), TEXTS[name])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a_ms + 1", 4.0),
        ("-a_ms", -3.0),
        ("+a_ms - 1", 2.0),
        ("7 // a_ms", 2.0),
        ("-7 // a_ms", -3.0),
        ("-7 % a_ms", 2.0),
        ("a_ms / 0", None),
        ("a_ms // 0", None),
        ("a_ms % 0", None),
        ("a_ms * 1e308", None),
        ("1e300 * 1e300 - 1e300 * 1e300", None),
        ("1 / 0", None),
        ("b_ms + 1", None),
        ("b_ms * 0", None),
        ("min(a_ms, 2, 9)", 2.0),
        ("max(a_ms, b_ms)", None),
        ("abs(-a_ms)", 3.0),
        ("ceil(a_ms / 2)", 2.0),
        ("floor(-a_ms / 2)", -2.0),
        ("round(2.5)", 2.0),
        ("round(a_ms / 2)", 2.0),
        ("log2(tp)", 2.0),
        ("log2(tp / 4)", 0.0),
        ("log2(tp / 8)", -1.0),
        ("log2(-tp)", None),
        ("log2(tp - 4)", None),
        ("coalesce(b_ms, a_ms)", 3.0),
        ("coalesce(a_ms, 1 / 0)", 3.0),
        ("coalesce(is_moe, fits)", True),
        ("a_ms if fits else b_ms", 3.0),
        ("a_ms if is_moe else a_ms", None),
        ("b_ms if fits else a_ms", None),
        ("is_moe if fits else fits", None),
        ("fits if tp > 3 else is_moe", True),
        ("fits and is_moe", None),
        ("not fits and is_moe", False),
        ("is_moe and not fits", False),
        ("fits or is_moe", True),
        ("is_moe or fits", True),
        ("is_moe or not fits", None),
        ("not is_moe", None),
        ("a_ms < b_ms", None),
        ("not a_ms < b_ms", None),
        ("b_ms == b_ms", None),
        ("b_ms != 1", None),
        ("a_ms == 3", True),
        ("a_ms != 3", False),
        ("3 <= a_ms < 4", True),
        ("4 < a_ms < b_ms", False),
        ("2 < a_ms < b_ms", None),
        ("fits == is_moe", None),
        ("fits == true", True),
        ("fits != true", False),
        ("tp in (1, 2, 4)", True),
        ("tp not in (1, 2)", True),
        ("tp in (+4, -1)", True),
        ("tp in (-4, +1)", False),
        ("b_ms in (1, 2)", None),
        ("b_ms not in (1, 2)", None),
        ("a_ms in (-3, 4)", False),
        ('gpu == "L4"', True),
        ('gpu != "L4"', False),
        ('gpu == "nowhere"', False),
        ('gpu in ("H100", "L4")', True),
        ('gpu not in ("H100",)', True),
        ('weights == "fp8"', None),
        ('weights != "fp8"', None),
        ('weights not in ("fp8", "bf16")', None),
        ("is_known(gpu)", True),
        ("is_known(weights)", False),
        ("is_known(b_ms)", False),
        ("is_known(a_ms / 0)", False),
        ("is_known(is_moe)", False),
        ("3", 3.0),
        ("true", True),
    ],
)
def test_a_value_by_row_and_by_column(text: str, value: Cell) -> None:
    expression = compile_value(plain(text), NAMES)
    assert evaluate_row(expression, ROW) == value
    table = {name: column_of(name, ROW.get(name)) for name in NAMES}
    assert evaluate(expression, table).cell(0) == value


def test_an_infinite_or_nan_cell_is_unknown() -> None:
    expression = compile_value(plain("tp > 1"), NAMES)
    for cell in (math.inf, math.nan):
        assert evaluate_row(expression, {"tp": cell}) is None
        assert evaluate(expression, {"tp": Column(np.array([cell]))}).cell(0) is None


def test_evaluation_leaves_the_columns_as_they_were() -> None:
    values = np.array([1.0, np.inf, np.nan])
    evaluate(compile_value(plain("tp / 0 + tp"), NAMES), {"tp": Column(values)})
    assert values.tolist()[:2] == [1.0, math.inf]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("most == 4", True),
        ("most < 4 or most != 4", False),
        ("home == 'L4'", True),
        ("'L4' != home", False),
        ("home in ('T4', 'L4')", True),
        ("home not in ('T4', 'L4')", False),
        ("is_known(home)", True),
    ],
)
def test_a_condition_of_parameters_alone_is_the_same_for_every_row(text: str, holds: bool) -> None:  # noqa: FBT001
    names: Names = {
        **NAMES,
        "most": Parameter("most", 4.0),
        "home": Parameter("home", "L4"),
    }
    expression = compile_condition(plain(text), names)
    found = evaluate(expression, {"tp": Column(np.array([1.0, np.nan]))})
    assert [found.cell(row) for row in range(2)] == [holds, holds]
    assert evaluate_row(expression, {}) is holds


def test_no_rows_give_no_rows() -> None:
    found = evaluate(compile_value(plain("tp > 1"), NAMES), {"tp": Column(np.array([]))})
    assert len(found) == 0


def test_checker_and_evaluators_have_the_same_functions_and_operators() -> None:
    assert set(FUNCTIONS) == set(ROWS.functions) == set(COLUMNS.functions)
    assert set(ROWS.operators) == set(COLUMNS.operators)
