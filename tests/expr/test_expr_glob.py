"""Patterns of texts: `*` and `?`, matched in bounded steps."""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.diagnostic import Problem
from sizer.expr.check.check import compile_condition
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.language.glob import Pattern, example, is_like
from sizer.expr.text.source import plain
from sizer.schema.asked.parameter import Parameter
from sizer.schema.metrics import registry

LETTERS = "ab4-"
TEXTS_ONLY = "matches is for a metric that is a text, not for "
MARKS = "a pattern has only `*` for any characters and `?` for one"


@given(st.text(LETTERS, max_size=12), st.text(LETTERS + "*?", max_size=8))
def test_a_pattern_is_that_of_a_shell(text: str, pattern: str) -> None:
    assert is_like(text, pattern) is fnmatchcase(text, pattern)
    assert is_like(example(pattern), pattern)
    assert Pattern(pattern, like=True).leaves_out(text) is is_like(text, pattern)
    assert Pattern(pattern, like=False).leaves_out(text) is not is_like(text, pattern)


def test_the_worst_pattern_takes_steps_as_long_as_text_times_pattern() -> None:
    text, pattern = "a" * 2000, "*a" * 63 + "b"
    lines = 0

    def count(_frame: object, event: str, _argument: object) -> object:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()  # what measures coverage
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        assert not is_like(text, pattern)
    finally:
        sys.settrace(before)
    assert lines <= 8 * len(text) * len(pattern)


@pytest.mark.parametrize(
    ("pattern", "like"),
    [
        ("V100*", False),
        ("H100*", True),
        ("H*", True),
        ("h100*", False),
        ("*100*", True),
        ("H?00", False),
    ],
)
def test_matches_asks_for_the_whole_text(pattern: str, like: bool) -> None:  # noqa: FBT001
    expression = compile_condition(plain(f'matches(gpu, "{pattern}")'), registry())
    assert evaluate_row(expression, {"gpu": "H100-SXM5-80GB"}) is like
    assert evaluate_row(expression, {"gpu": None}) is None


def test_a_parameter_may_be_the_pattern() -> None:
    names = {**registry(), "allowed": Parameter("allowed", "H*")}
    expression = compile_condition(plain("matches(gpu, allowed)"), names)
    assert evaluate_row(expression, {"gpu": "H100"}) is True
    assert expression.switches == {"allowed"}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('matches(tp, "1*")', "SZ203", TEXTS_ONLY + "a number"),
        (
            'matches("a", "a*")',
            "SZ203",
            TEXTS_ONLY + "a text in quotes",
        ),
        ("matches(gpu, H100)", "SZ203", "the pattern must be a text in quotes"),
        ("matches(gpu, model)", "SZ203", "the pattern must be a text in quotes"),
        ("matches(gpu, 4)", "SZ203", "the pattern must be a text in quotes"),
        ('matches(gpu, "")', "SZ205", "the pattern is empty"),
        (
            'matches(gpu, "[HL]*")',
            "SZ205",
            MARKS,
        ),
        (f'matches(gpu, "{"a*" * 65}")', "SZ205", "a pattern has at most 128 characters"),
        ('matches(vendor, "nvi*")', "SZ203", "'nvi*' matches none of its values"),
        ("matches(gpu)", "SZ203", "matches takes 2 arguments, not 1"),
        ('gpu matches "H*"', "SZ205", "'matches' is not part of the rule language"),
        ('gpu like "H*"', "SZ205", "'like' is not part of the rule language"),
        (
            'matches(gpus, "H*")',
            "SZ203",
            TEXTS_ONLY + "a number",
        ),
    ],
)
def test_a_fault_of_a_pattern_says_what_to_write(text: str, code: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        compile_condition(plain(text), registry())
    assert (code, said) in [(each.code, each.message) for each in caught.value.diagnostics]
