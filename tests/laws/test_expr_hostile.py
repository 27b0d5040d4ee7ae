"""Whatever the text, the checker ends soon, with a checked expression or with diagnostics."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from strategies_expr import NAMES, conditions, hostile

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.expr.check.check import compile_condition, compile_message, compile_sort, compile_value
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.text.source import Source

Check = Callable[..., Any]
SECONDS = 2.0


def findings(check: Check, text: str) -> tuple[tuple[Diagnostic, ...], list[tuple[int, int]]]:
    spans: list[tuple[int, int]] = []

    def place(start: int, end: int) -> Place:
        spans.append((start, end))
        return Place("p.toml", 1, start + 1, end - start)

    try:
        check(Source(text, place), NAMES)
    except Problem as problem:
        return problem.diagnostics, spans
    return (), spans


@pytest.mark.parametrize("check", [compile_condition, compile_value, compile_sort, compile_message])
@settings(max_examples=250)
@given(text=hostile())
def test_every_text_ends_in_time_with_diagnostics_inside_it(check: Check, text: str) -> None:
    began = time.process_time()
    found, spans = findings(check, text)
    assert time.process_time() - began < SECONDS
    assert all(each.code.startswith("SZ20") for each in found)
    assert all(0 <= start <= end <= len(text) for start, end in spans)


@settings(max_examples=250)
@given(hostile())
def test_what_passes_the_checker_evaluates_without_error(text: str) -> None:
    try:
        expression = compile_condition(Source(text, lambda _start, _end: None), NAMES)
    except Problem:
        return
    assert evaluate_row(expression, {}) in {True, False, None}


@settings(max_examples=100)
@given(conditions())
def test_an_unknown_name_put_before_any_condition_is_reported_there(text: str) -> None:
    found, spans = findings(compile_condition, f"'é' == gpu and\n a_mz < 1 and {text}")
    assert [each.code for each in found] == ["SZ202"]
    assert spans == [(16, 20)]
