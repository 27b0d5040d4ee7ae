"""Every combination of known, unknown and awkward values, by row and by column."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from strategies_expr import NAMES, TEXTS

from sizer.expr.check.check import compile_condition, compile_value
from sizer.expr.columns.columns import evaluate
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.language.cell import Cell
from sizer.expr.text.source import plain
from sizer.schema.table import Column

TRUTHS: tuple[Cell, ...] = (True, False, None)
NUMBERS: tuple[Cell, ...] = (-2.0, 0.0, 0.5, 2.0, 1e308, None)
WORDS: tuple[Cell, ...] = (*TEXTS["gpu"], None)
GRID: dict[str, tuple[Cell, ...]] = {
    "fits": TRUTHS,
    "is_moe": TRUTHS,
    "a_ms": NUMBERS,
    "b_ms": NUMBERS,
    "tp": (1.0, 3.0),
    "gpu": WORDS,
}
CONDITIONS = """\
fits and is_moe
fits or is_moe
not fits
fits == is_moe
fits != is_moe
is_moe if fits else not is_moe
coalesce(fits, is_moe)
coalesce(fits, false)
is_known(fits)
is_known(a_ms)
is_known(gpu)
a_ms < b_ms
a_ms <= b_ms
a_ms > b_ms
a_ms >= b_ms
a_ms == b_ms
a_ms != b_ms
-1 < a_ms <= b_ms < 3
a_ms in (0, 2, -2)
a_ms not in (0.5, 1)
gpu == "H100"
"L4" != gpu
gpu in ("H100", "été")
gpu not in ("L4", "nowhere")
(a_ms < b_ms) == (gpu == "L4")
(a_ms if fits else b_ms) < 1
true if fits else is_moe
"""
VALUES = """\
a_ms + b_ms
a_ms - b_ms
a_ms * tp
a_ms / tp
a_ms / b_ms
tp / a_ms
a_ms // b_ms
a_ms % b_ms
-a_ms
+a_ms
a_ms * 1e10
min(a_ms, b_ms, 1)
max(a_ms, b_ms, 1)
abs(a_ms)
ceil(a_ms)
floor(a_ms)
round(a_ms)
log2(a_ms)
log2(tp - 1)
log2(8)
coalesce(a_ms, b_ms)
coalesce(a_ms, 3)
a_ms if fits else b_ms
1 if fits else 2
a_ms if a_ms < b_ms else 0.25
"""


def grid(text: str) -> list[dict[str, Cell]]:
    """Return every combination of what the metrics of a text can be."""
    asked = {name: cells for name, cells in GRID.items() if name in text} or {"tp": GRID["tp"]}
    return [dict(zip(asked, cells, strict=True)) for cells in product(*asked.values())]


def table(rows: list[dict[str, Cell]]) -> dict[str, Column]:
    return {name: _column(name, [row[name] for row in rows]) for name in rows[0]}


def _column(name: str, cells: list[Any]) -> Column:
    if NAMES[name].kind == "number":
        return Column(np.array([np.nan if c is None else c for c in cells]))
    if NAMES[name].kind == "bool":
        return Column(np.array([-1 if c is None else c for c in cells], np.int8))
    words = TEXTS[name]
    return Column(np.array([-1 if c is None else words.index(c) for c in cells], np.int32), words)


@pytest.mark.parametrize("text", CONDITIONS.splitlines())
def test_conditions_agree(text: str) -> None:
    expression = compile_condition(plain(text), NAMES)
    rows = grid(text)
    found = evaluate(expression, table(rows))
    assert found.values.dtype == np.int8
    assert [found.cell(row) for row in range(len(rows))] == [
        evaluate_row(expression, row) for row in rows
    ]


@pytest.mark.parametrize("text", VALUES.splitlines())
def test_values_agree(text: str) -> None:
    expression = compile_value(plain(text), NAMES)
    rows = grid(text)
    found = evaluate(expression, table(rows))
    assert found.values.dtype == np.float64
    assert [found.cell(row) for row in range(len(rows))] == [
        evaluate_row(expression, row) for row in rows
    ]


def test_evaluation_changes_no_column() -> None:
    columns = table(grid("a_ms b_ms fits"))
    columns["a_ms"].values[0] = np.inf
    before = {name: column.values.copy() for name, column in columns.items()}
    for text in ("a_ms * 2 < b_ms", "-a_ms < 1 or not fits", "coalesce(a_ms, 1) < 2"):
        evaluate(compile_condition(plain(text), NAMES), columns)
    for name, column in columns.items():
        assert np.array_equal(column.values, before[name], equal_nan=name in {"a_ms", "b_ms"})


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("fits and is_moe", [True, False, None, False, False, False, None, False, None]),
        ("fits or is_moe", [True, True, True, True, False, None, True, None, None]),
        ("fits == is_moe", [True, False, None, False, True, None, None, None, None]),
        ("fits != is_moe", [False, True, None, True, False, None, None, None, None]),
        ("coalesce(fits, is_moe)", [True, True, True, False, False, False, True, False, None]),
        ("is_known(fits)", [True, True, True, True, True, True, False, False, False]),
        ("not fits", [False, False, False, True, True, True, None, None, None]),
        (
            "is_moe if fits else not is_moe",
            [True, False, None, False, True, None, None, None, None],
        ),
    ],
)
def test_three_valued_logic_is_kleenes(text: str, holds: list[bool | None]) -> None:
    expression = compile_condition(plain(text), NAMES)
    rows: list[dict[str, Cell]] = [
        {"fits": fits, "is_moe": is_moe} for fits, is_moe in product(TRUTHS, TRUTHS)
    ]
    assert [evaluate_row(expression, row) for row in rows] == holds
