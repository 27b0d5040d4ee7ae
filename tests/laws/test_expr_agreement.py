"""The laws of the two evaluators: they agree on every cell, and unknown never helps."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES, TEXTS, conditions, numbers, rows

from sizer.expr.check.check import compile_condition, compile_definition, compile_value
from sizer.expr.columns.columns import evaluate
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.explain.explain import margin
from sizer.expr.text.source import plain
from sizer.schema.table import Column

Row = dict[str, float | bool | str | None]


def column_of(name: str, table: list[Row]) -> Column:
    cells = [row[name] for row in table]
    if NAMES[name].kind == "number":
        return Column(np.array([np.nan if c is None else c for c in cells], dtype=np.float64))
    if NAMES[name].kind == "bool":
        return Column(np.array([-1 if c is None else int(c) for c in cells], dtype=np.int8))
    words = TEXTS[name]
    codes = [-1 if c is None else words.index(str(c)) for c in cells]
    return Column(np.array(codes, dtype=np.int32), words)


def columns_of(table: list[Row]) -> dict[str, Column]:
    return {name: column_of(name, table) for name in NAMES}


TABLES = st.lists(rows(), min_size=1, max_size=6)


@settings(max_examples=300)
@given(conditions(), TABLES)
def test_a_condition_is_the_same_by_row_and_by_column(text: str, table: list[Row]) -> None:
    expression = compile_condition(plain(text), NAMES)
    result = evaluate(expression, columns_of(table))
    assert [result.cell(i) for i in range(len(table))] == [
        evaluate_row(expression, row) for row in table
    ]


@settings(max_examples=300)
@given(st.sampled_from(("a_ms", "tp")).flatmap(lambda name: numbers(name, 3)), TABLES)
def test_a_number_is_the_same_by_row_and_by_column(text: str, table: list[Row]) -> None:
    expression = compile_value(plain(text), NAMES)
    result = evaluate(expression, columns_of(table))
    assert [result.cell(i) for i in range(len(table))] == [
        evaluate_row(expression, row) for row in table
    ]


@settings(max_examples=100)
@given(numbers("a_ms", 2), TABLES)
def test_an_own_metric_is_what_it_stands_for(text: str, table: list[Row]) -> None:
    assume("_ms" in text)
    own, column = compile_definition("own", plain(text), NAMES)
    read = compile_condition(plain("own < 3 * own"), {**NAMES, "own": own})
    written = compile_condition(plain(f"({text}) < 3 * ({text})"), NAMES)
    columns = columns_of(table)
    found, wanted = evaluate(read, columns), evaluate(written, columns)
    assert found.values.tolist() == wanted.values.tolist()
    values = evaluate(column, columns)
    for index, row in enumerate(table):
        assert evaluate_row(read, row) == found.cell(index)
        assert evaluate_row(column, row) == values.cell(index)


@settings(max_examples=50)
@given(conditions(), TABLES, st.integers(1, 4))
def test_blocks_change_nothing(text: str, table: list[Row], size: int) -> None:
    expression = compile_condition(plain(text), NAMES)
    whole = evaluate(expression, columns_of(table)).values.tolist()
    parts = [table[start : start + size] for start in range(0, len(table), size)]
    found = [evaluate(expression, columns_of(part)).values.tolist() for part in parts]
    assert [value for part in found for value in part] == whole


@settings(max_examples=150)
@given(conditions(1).filter(lambda text: "coalesce" not in text and "is_known" not in text), rows())
def test_learning_a_value_never_turns_a_known_answer(text: str, row: Row) -> None:
    expression = compile_condition(plain(text), NAMES)
    answer = evaluate_row(expression, row)
    learned: Row = {
        name: cell
        if cell is not None
        else {"number": 1.0, "bool": True, "text": TEXTS.get(name, ("",))[0]}[NAMES[name].kind]
        for name, cell in row.items()
    }
    assert answer is None or evaluate_row(expression, learned) is answer


@settings(max_examples=100)
@given(st.lists(st.sampled_from(("fits", "a_ms < b_ms", "gpu == 'L4'")), min_size=1), rows())
def test_a_conjunction_holds_when_all_its_atoms_hold(parts: list[str], row: Row) -> None:
    expression = compile_condition(plain(" and ".join(parts)), NAMES)
    holds = [atom.holds for atom in margin(expression, row)]
    kleene = False if False in holds else None if None in holds else True
    assert evaluate_row(expression, row) is kleene
