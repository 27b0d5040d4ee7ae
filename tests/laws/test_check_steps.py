"""The work of a check grows with the size of an expression times its depth, and no faster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES

from sizer.diagnostic import Problem
from sizer.expr.check.check import compile_condition
from sizer.expr.explain.conditions import conditions
from sizer.expr.regions.truths import sides
from sizer.expr.regions.undefined_parts import undefined
from sizer.expr.text.source import plain
from sizer.load.rule_sets import well_formed
from sizer.structure.toml.document import parse_document

STEPS = 150  # calls for each part and level; the least that any shape takes is about 20
CONDITIONS = (
    "(is_moe if {} else fits)",
    "({} if is_moe else fits)",
    "(fits if is_moe else {})",
    "(not {})",
    "({} and fits)",
    "(a_ms < 1 or {})",
    "(({}) == fits)",
    "(({}) != true)",
    "coalesce({}, fits)",
    "is_known({})",
    "((1 if {} else 2) * a_ms > b_ms)",
    "(0 < max(a_ms, (1 if {} else b_ms) / 3) <= 5)",
)
NUMBERS = (
    "({} + b_ms)",
    "(3 - {})",
    "({} / 3 * 2)",
    "(tp * {})",
    "(-{})",
    "max({}, b_ms)",
    "({} if fits else 1)",
    "(2 if {} > 1 else a_ms)",
)


def steps(work: Callable[[], object]) -> int:
    """Return how many functions a piece of work calls."""
    called = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal called
        called += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return called


def nested(parts: list[str], core: str) -> str:
    return reduce(lambda inner, part: part.format(inner), parts, core)


def check(text: str) -> None:
    """Check a text from nothing: what is remembered of others takes no part."""
    try:
        found = compile_condition.__wrapped__(plain(text), NAMES)  # type: ignore[attr-defined]
    except Problem:
        return
    sides(found.tree.body, NAMES)
    list(undefined(found.tree))
    conditions(found)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(CONDITIONS), max_size=24),
    st.lists(st.sampled_from(NUMBERS), max_size=24),
)
def test_checking_takes_steps_in_proportion_to_parts_times_depth(
    around: list[str], inside: list[str]
) -> None:
    text = nested(around, f"{nested(inside, 'a_ms')} < 7")
    depth = len(around) + len(inside) + 1
    assert steps(lambda: check(text)) <= STEPS * (len(text) / 4 + 10) * depth


@pytest.mark.parametrize("shape", CONDITIONS)
def test_a_shape_nested_twice_as_deep_takes_four_times_the_steps_at_most(shape: str) -> None:
    short, long = (nested([shape] * times, "a_ms < 1") for times in (7, 14))
    assert steps(lambda: check(long)) <= 5 * steps(lambda: check(short))


@pytest.mark.parametrize("deep", [20, 22, 40])
def test_choices_nested_in_their_tests_are_checked_like_any(deep: int) -> None:
    require = nested(["(is_moe if {} else fits)"] * deep, "fits")
    text = f'dsl = 1\n[[rule]]\nid = "deep"\nrequire = "{require}"\n'
    document = parse_document(text, "rules.toml")
    assert steps(lambda: well_formed(document, Path())) < 200_000
