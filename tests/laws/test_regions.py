"""Regions leave no candidate out: what they prove impossible never happens."""

from __future__ import annotations

from itertools import product
from math import inf, isfinite, nextafter

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES

from sizer.expr.check.check import compile_condition, compile_value
from sizer.expr.check.draft import draft_policy
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.regions.regions import Region, both
from sizer.expr.regions.truths import sides, where
from sizer.expr.text.source import plain
from sizer.load.consistency.authors import Authored
from sizer.load.consistency.conditions import clauses
from sizer.load.consistency.conflicts import conflicts
from sizer.load.rules.extends import Origin
from sizer.schema.asked.profile import Rule, Select
from sizer.schema.metrics import registry
from sizer.structure.toml.document import Document

ORDER = st.sampled_from(("<", "<=", ">", ">=", "==", "!="))
NUMBERS = st.sampled_from(("a_ms", "b_ms"))
FEW = st.sampled_from(("0", "0.5", "1", "2", "4", "-1"))
SUMS = st.one_of(
    NUMBERS,
    st.tuples(NUMBERS, st.sampled_from(("+", "-")), NUMBERS).map(" ".join),
    st.tuples(FEW, NUMBERS, FEW).map("{0[0]} * {0[1]} - {0[2]}".format),
    st.tuples(NUMBERS, NUMBERS).map("max({0[0]}, {0[1]}) / 2".format),
    NUMBERS.map("-({} - 1)".format),
)
ATOMS = st.one_of(
    st.tuples(SUMS, ORDER, FEW).map(" ".join),
    st.tuples(FEW, ORDER, SUMS).map(" ".join),
    st.tuples(FEW, ORDER, NUMBERS, ORDER, SUMS).map(" ".join),
    st.tuples(NUMBERS, ORDER, NUMBERS).map(" ".join),
    st.tuples(st.just("tp"), st.sampled_from(("in", "not in")), FEW, FEW).map(
        "{0[0]} {0[1]} ({0[2]}, {0[3]})".format
    ),
    st.sampled_from(
        (
            "fits",
            "fits == false",
            "true != is_moe",
            "is_known(cost)",
            "coalesce(cost, 1) > 1",
            "tp >= 1",
            "cost < 0",
            "weights == 'fp8'",
            "weights != 'fp8'",
            "weights in ('bf16', 'int4')",
            "weights not in ('bf16', 'int4')",
            "gpu == 'L4'",
            "'L4' != gpu",
            "gpu not in ('L4', 'T4')",
            "matches(gpu, '?4')",
            "matches(gpu, 'L*')",
            "matches(gpu, 'nothing')",
            "matches(weights, '*8')",
        )
    ),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
            "({0[0]} {0[1]} {0[2]})".format
        ),
        inner.map("(not {})".format),
        st.tuples(inner, inner, inner).map("({0[0]} if {0[1]} else {0[2]})".format),
    ),
    max_leaves=8,
)
CELLS = {
    "a_ms": (0.0, 0.5, 1.0, 2.0, 3.0, None),
    "b_ms": (0.0, 0.5, 1.0, 2.0, 3.0, None),
    "cost": (0.0, 2.0, None),
    "tp": (1.0, 2.0, 4.0),
    "fits": (True, False, None),
    "is_moe": (True, False),
    "gpu": ("L4", "T4", "H100", None),
    "weights": ("bf16", "fp8", "int4"),
}
ROWS = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()})


@settings(max_examples=500)
@given(CONDITIONS, CONDITIONS, st.lists(ROWS, min_size=1, max_size=20))
def test_what_happens_was_never_said_to_be_impossible(
    left: str, right: str, table: list[dict[str, float | bool | str | None]]
) -> None:
    expressions = [compile_condition(plain(text), NAMES) for text in (left, right)]
    bodies = [expression.tree.body for expression in expressions]
    for row in table:
        truths = [evaluate_row(expression, row) for expression in expressions]
        regions = [
            where(body, NAMES, holds=truth)
            for body, truth in zip(bodies, truths, strict=True)
            if isinstance(truth, bool)
        ]
        assert all(regions)
        assert both(regions)


@pytest.mark.parametrize(
    "text",
    [
        "a_ms < 1 and a_ms > 2",
        "1 > a_ms and not a_ms < 1",
        "2 * a_ms - 1 < 3 and a_ms / 2 > 1",
        "a_ms < b_ms and b_ms < a_ms",
        "a_ms - b_ms > 2 and b_ms - a_ms > -2",
        "a_ms == 1 and a_ms != 1",
        "max(a_ms, b_ms) < 1 and 2 < max(a_ms, b_ms)",
        "weights == 'fp8' and weights in ('bf16', 'int4')",
        "weights not in ('bf16', 'fp8', 'int4')",
        "gpu == 'L4' and gpu != 'L4'",
        "gpu == 'L4' and (gpu == 'T4' or gpu == 'H100')",
        "matches(gpu, 'L*') and gpu in ('T4', 'H100')",
        "matches(gpu, 'L*') and not matches(gpu, 'L*')",
        "gpu in ('L4', 'L40') and not matches(gpu, 'L4*')",
        "matches(weights, '*8') and weights == 'bf16'",
        "matches(weights, 'b*') and matches(weights, '*8')",
        "fits and not fits",
        "fits and fits == false",
        "is_known(cost) and not is_known(cost)",
        "cost < 0",
        "a_ms + b_ms < 0",
        "tp < 1",
        "tp in (0, -1)",
        "(a_ms < 1 if fits else a_ms < 2) and a_ms > 2",
        "a_ms < 1 and (a_ms > 2 or fits and not fits)",
    ],
)
def test_what_cannot_hold_is_proved(text: str) -> None:
    body = compile_condition(plain(text), NAMES).tree.body
    assert where(body, NAMES) == ()
    assert where(body, NAMES, holds=False) != ()


def test_many_alternatives_end_in_everywhere_and_not_in_a_blow_up() -> None:
    some = " and ".join(f"(a_ms < {n} or b_ms > {n})" for n in range(1, 40))
    body = compile_condition(plain(some), NAMES).tree.body
    for holds, _ in product((True, False), range(2)):
        assert len(where(body, NAMES, holds=holds)) <= 64


@given(st.lists(st.tuples(CONDITIONS, st.none() | CONDITIONS), min_size=1, max_size=6))
def test_any_rules_can_be_held_together(texts: list[tuple[str, str | None]]) -> None:
    rules = tuple(Rule(f"r{n}", require, when) for n, (require, when) in enumerate(texts))
    written = {"rule": [{"require": require, "when": when} for require, when in texts]}
    document = Document("p.toml", "", written)
    origins = tuple(Origin(document, index, {}) for index in range(len(texts)))
    draft = draft_policy(Select(sort="tp"), rules, lambda _: None, NAMES)
    conditions = tuple(clauses(draft, Authored(document, origins)))
    found = list(conflicts(conditions, lambda *_: None, lambda *_: True))
    assert found == list(conflicts(conditions, lambda *_: None, lambda *_: True))
    assert {each.code for each in found} <= {"SZ206", "SZ207", "SZ208", "SZ209"}


FORMS = ("gpus / {}", "gpus * {}", "gpus * 0.{}", "(gpus - 1) / {} + 0.1", "0.7 - gpus / {}")
COUNTS = {"gpus": registry()["gpus"], "e2e_ms": registry()["e2e_ms"]}


def holds_in(region: Region, name: str, value: float) -> bool:
    """Whether a region of one term has a value of it."""
    intervals = [box.get(f"1*{name}", (-inf, True, inf, True)) for box in region]
    return any(
        (value > low or (value == low and not low_open))
        and (value < high or (value == high and not high_open))
        for low, low_open, high, high_open in intervals  # type: ignore[misc]
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("order", ["<", "<=", ">", ">=", "==", "!="])
def test_a_bound_on_a_count_is_where_the_evaluator_has_it(form: str, order: str) -> None:
    for divisor, count in product(range(2, 14), range(2, 20)):
        side = form.format(divisor)
        at = evaluate_row(compile_value(plain(side), COUNTS), {"gpus": float(count)})
        expression = compile_condition(plain(f"{side} {order} {at!r}"), COUNTS)
        true, false = sides(expression.tree.body, COUNTS)
        for value in (count - 1.0, float(count), count + 1.0):
            expected = evaluate_row(expression, {"gpus": value})
            assert holds_in(true, "gpus", value) is expected, expression.text
            assert holds_in(false, "gpus", value) is not expected, expression.text


FACTORS = st.sampled_from(("3", "0.1", "7", "1e-3", "1000", "2", "0.5", "1e300", "1e-300"))
ONE_TERM = st.recursive(
    st.just("e2e_ms"),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("*/+-"), FACTORS).map("({0[0]} {0[1]} {0[2]})".format),
        st.tuples(FACTORS, st.sampled_from("*+-"), inner).map("({0[0]} {0[1]} {0[2]})".format),
        inner.map("(-{})".format),
    ),
    max_leaves=1,
)


@settings(max_examples=500)
@given(ONE_TERM, ORDER, FACTORS | st.floats(-1e6, 1e6).map(repr), st.floats(0, 1e6))
def test_a_bound_and_what_lies_one_step_beside_it_are_where_the_evaluator_has_them(
    side: str, order: str, bound: str, near: float
) -> None:
    expression = compile_condition(plain(f"{side} {order} {bound}"), COUNTS)
    true, false = sides(expression.tree.body, COUNTS)
    ends = [end for box in (*true, *false) for end in box.get("1*e2e_ms", ())]
    marks = {0.0, near, *(end for end in ends if isinstance(end, float) and isfinite(end))}
    for mark in marks:
        for value in (nextafter(mark, -inf), mark, nextafter(mark, inf)):
            row = {"e2e_ms": value}
            found = evaluate_row(expression, row)
            if value >= 0 and found is not None:
                assert holds_in(true, "e2e_ms", value) is found
                assert holds_in(false, "e2e_ms", value) is not found


def test_what_rounds_differently_when_written_differently_proves_nothing() -> None:
    first = "a_ms + b_ms + cost_ms > 0.6"
    second = "cost_ms + b_ms + a_ms <= 0.6"
    names = {**NAMES, "cost_ms": evolve(NAMES["a_ms"], name="cost_ms")}
    row = {"a_ms": 0.1, "b_ms": 0.2, "cost_ms": 0.3}
    expressions = [compile_condition(plain(text), names) for text in (first, second)]
    assert [evaluate_row(each, row) for each in expressions] == [True, True]
    assert both(where(each.tree.body, names) for each in expressions)
