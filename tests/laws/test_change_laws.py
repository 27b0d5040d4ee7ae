"""The laws of an explanation: its values are the evaluator's, and its changes do turn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from hypothesis import example as tried
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES, TEXTS, conditions, rows

from sizer.expr.check.check import compile_condition, compile_value
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.explain.change import flips
from sizer.expr.explain.explain import explained
from sizer.expr.language.cell import Cell
from sizer.expr.language.glob import example
from sizer.expr.regions.comparison import least_of
from sizer.expr.text.source import plain
from sizer.schema.answered.decision import Change, Part

Row = dict[str, Cell]
CALM = st.sampled_from((0.0, 0.25, 1.0, 2.0, 3.0, 8.0, 120.0))


@st.composite
def calm_rows(draw: st.DrawFn) -> Row:
    """Candidates with numbers of usual sizes, some of them unknown."""
    cells = {
        "number": CALM,
        "bool": st.booleans(),
        "text": st.nothing(),
    }
    return {
        name: draw(st.none() | (st.sampled_from(TEXTS[name]) if name in TEXTS else cells[m.kind]))
        for name, m in NAMES.items()
    }


def parts(part: Part) -> Iterator[Part]:
    yield part
    for each in part.parts:
        yield from parts(each)


def instead(change: Change) -> Cell:
    """Return a value that a change allows, just past its bound where that is excluded."""
    if change.relation == "like" and isinstance(change.needed, tuple):
        return example(change.needed[0])
    if isinstance(change.needed, tuple):
        return change.needed[0] if change.relation == "one of" else "anything else"
    if not isinstance(change.needed, float):
        return change.needed
    step = 1e-8 * max(abs(change.needed), abs(float(change.value or 0.0)), 1e-8)
    return change.needed + {"below": -step, "above": step}.get(change.relation, 0.0)


@settings(max_examples=200)
@given(conditions(), rows())
def test_an_explanation_is_the_evaluation(text: str, row: Row) -> None:
    expression = compile_condition(plain(text), NAMES)
    found = explained(expression, row)
    assert found.value is evaluate_row(expression, row)
    assert (found.first_failed is None) is (found.value is True)


@settings(max_examples=200)
@given(conditions(), rows())
def test_every_value_is_that_of_its_text_alone(text: str, row: Row) -> None:
    found = explained(compile_condition(plain(text), NAMES), row)
    for part in parts(found):
        converted = re.search(r" in \S+$", part.text)
        if part.role == "value" and not converted and part.text[:1] not in {"(", "[", "'", '"'}:
            assert part.value == evaluate_row(compile_value(plain(part.text), NAMES), row)


@settings(max_examples=200)
@given(conditions(), calm_rows())
def test_a_change_turns_the_condition(text: str, row: Row) -> None:
    expression = compile_condition(plain(text), NAMES)
    before = evaluate_row(expression, row) is True
    for way in flips(expression, row, NAMES).ways:
        if all(change.relation != "known" for change in way):
            moved = {change.metric: instead(change) for change in way}
            assert evaluate_row(expression, {**row, **moved}) is (not before)


@settings(max_examples=200)
@given(conditions(), calm_rows())
@tried("(tp * 1) <= log2(1e300)", {**dict.fromkeys(NAMES), "tp": 0.0})
def test_a_slightly_smaller_change_does_not_turn_it(text: str, row: Row) -> None:
    expression = compile_condition(plain(text), NAMES)
    before = evaluate_row(expression, row) is True
    for way in flips(expression, row, NAMES).ways:
        for short in shortened(way[0]) if len(way) == 1 else ():
            moved = {way[0].metric: short}
            assert (evaluate_row(expression, {**row, **moved}) is True) is before


def shortened(change: Change) -> Iterator[float]:
    """Yield what lies just short of a change of a number; a bound that is excluded is short too."""
    now, needed = change.value, change.needed
    if not isinstance(now, float) or not isinstance(needed, float):
        return
    step = math.copysign(1e-8 * max(abs(needed), abs(now), 1e-8), now - needed)
    if change.relation in {"above", "below"}:
        yield needed
    if abs(now - needed) > abs(step):
        yield needed + step


BOUND = "({0} {1} {2})".format
SIMPLE = st.lists(
    st.builds(
        BOUND,
        st.sampled_from(("a_ms", "b_ms", "tp")),
        st.sampled_from(("<", "<=", ">", ">=")),
        st.sampled_from((0, 0.5, 1, 2, 3, 10)),
    ),
    min_size=1,
    max_size=4,
).flatmap(lambda parts: st.sampled_from((" and ", " or ")).map(lambda word: word.join(parts)))


@settings(max_examples=200)
@given(SIMPLE, calm_rows())
def test_no_smaller_change_turns_comparisons_with_numbers(text: str, row: Row) -> None:
    expression = compile_condition(plain(text), NAMES)
    before = evaluate_row(expression, row) is True
    for change, *others in flips(expression, row, NAMES).ways:
        least = least_of(NAMES[change.metric])
        if others or not isinstance(change.value, float) or change.value < least:
            continue
        for short in shortened(change):
            for share in (-1, -0.9, -0.5, -0.1, 0.1, 0.5, 0.9, 1):
                value = max(least, change.value + share * abs(short - change.value))
                moved = {change.metric: value}
                assert (evaluate_row(expression, {**row, **moved}) is True) is before
