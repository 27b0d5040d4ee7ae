"""Regions leave no candidate out: what they prove impossible never happens."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES

from sizer.expr.check.check import compile_condition
from sizer.expr.check.draft import draft_policy
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.regions.regions import both
from sizer.expr.regions.truths import where
from sizer.expr.text.source import plain
from sizer.load.consistency.authors import Authored
from sizer.load.consistency.conditions import clauses
from sizer.load.consistency.conflicts import conflicts
from sizer.load.rules.extends import Origin
from sizer.schema.asked.profile import Rule, Select
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
