"""Every attack on simpleeval that was measured ends soon, with a diagnostic, without a trace."""

from __future__ import annotations

import ast
import time

import pytest
from attacks import ATTACKS
from simpleeval import InvalidExpression

from sizer.diagnostic import Problem
from sizer.expr.check.check import compile_condition, compile_message
from sizer.expr.evaluate.evaluator import Evaluator
from sizer.expr.evaluate.rows import ROWS
from sizer.expr.text.source import plain
from sizer.schema.metrics import registry


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(Problem) as caught:
        compile_condition(plain(text), registry())
    assert time.process_time() - began < 1
    assert all(each.code.startswith("SZ20") for each in caught.value.diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "{gpu.name}",
        "{gpu[0]}",
        "{gpu!r}",
        "{tp:{pp}}",
        "{tp:0999999999d}",
        "{0}",
        "{}",
        "{gpu:>99}",
    ],
)
def test_a_message_reaches_nothing_but_metrics(text: str) -> None:
    with pytest.raises(Problem):
        compile_message(plain(text), registry())


@pytest.mark.parametrize(
    "text",
    ["x.real", "x[0]", "f'{x}'", "(1, 2)", "[1]", "x if x else y.z", "abs(x.real)", "open('a')"],
)
def test_the_evaluator_has_no_such_nodes_even_when_the_checker_is_passed_by(text: str) -> None:
    evaluator = Evaluator(ROWS, {"x": 1.0}.get)
    with pytest.raises(InvalidExpression):
        evaluator.value(ast.parse(text, mode="eval").body)


def test_the_evaluator_has_no_operators_of_simpleeval() -> None:
    evaluator = Evaluator(ROWS, {"x": 2.0}.get)
    for text in ("x ** x", "x << x", "x & x", "~x"):
        with pytest.raises(InvalidExpression):
            evaluator.value(ast.parse(text, mode="eval").body)


def test_the_evaluator_reads_no_list_but_a_constant() -> None:
    evaluator = Evaluator(ROWS, {"x": 2.0, "y": "2.0"}.get)
    for text in ("x in y", "x in (x, y)", "x in y.z"):
        assert evaluator.value(ast.parse(text, mode="eval").body) is False
