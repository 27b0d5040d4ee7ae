"""The laws of atomic conditions and of the coverage that counts them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES, conditions, rows
from test_expr_agreement import columns_of

from sizer.expr.check.check import compile_condition
from sizer.expr.check.policy import CompiledRule, Policy
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.explain.conditions import conditions as atoms
from sizer.expr.language.expression import Expression
from sizer.expr.text.source import plain
from sizer.judge.coverage import Coverage
from sizer.schema.asked.profile import Rule

Row = dict[str, float | bool | str | None]
TABLES = st.lists(rows(), min_size=1, max_size=6)


def compiled(text: str) -> Expression:
    return compile_condition(plain(text), NAMES)


@settings(max_examples=200)
@given(conditions(), rows())
def test_forcing_a_condition_to_what_it_is_changes_nothing(text: str, row: Row) -> None:
    expression = compiled(text)
    whole = evaluate_row(expression, row)
    for each in atoms(expression):
        assert evaluate_row(each.whole, row) == whole
        truth = evaluate_row(each.alone, row)
        if isinstance(truth, bool):
            assert evaluate_row(each.forced(truth=truth), row) == whole


@settings(max_examples=200)
@given(conditions())
def test_every_condition_stands_in_the_text_and_stands_alone(text: str) -> None:
    found = atoms(compiled(text))
    assert found or text in {"true", "false"}
    for each in found:
        start, end = each.span
        assert 0 <= start < end <= len(text)
        assert "".join(each.text.split()) == "".join(text[start:end].split())


@settings(max_examples=100)
@given(conditions(), st.none() | conditions(1), TABLES, st.data())
def test_more_cases_never_show_less(
    text: str, when: str | None, table: list[Row], data: st.DataObject
) -> None:
    rule = CompiledRule(
        Rule("a", text, when=when), compiled(text), when and compiled(when), None, plain(text)
    )
    coverage = Coverage(Policy((), (), None, (rule,)), columns_of(table))
    some = data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table)))
    few = dict(coverage.of_rule(0, np.array(some)))
    many = dict(coverage.of_rule(0, np.ones(len(table), np.bool_)))
    none = dict(coverage.of_rule(0, np.zeros(len(table), np.bool_)))
    assert few.keys() == many.keys()
    assert all(many[goal] for goal, reached in few.items() if reached)
    assert not any(none.values())
