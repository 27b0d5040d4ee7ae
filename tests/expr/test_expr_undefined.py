"""Parts that are unknown whatever the candidate, and those that only may be."""

from __future__ import annotations

import pytest

from sizer.expr.check.check import compile_condition
from sizer.expr.language.span import span
from sizer.expr.regions.undefined_parts import undefined
from sizer.expr.text.source import plain
from sizer.schema.metrics import registry

ZERO = "this divides by zero"
LOG = "numbers at or below 0 have no logarithm"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tp / 0 > 1", [("tp / 0", ZERO)]),
        ("tp // (2 - 2) > 1", [("tp // (2 - 2)", ZERO)]),
        ("tp % (pp - pp) > 1", [("tp % (pp - pp)", ZERO)]),
        ("fits or tp / 0 / 0 > 1", [("tp / 0 / 0", ZERO), ("tp / 0", ZERO)]),
        ("log2(0) < tp", [("log2(0)", LOG)]),
        ("log2(tp - tp - 1) < tp", [("log2(tp - tp - 1)", LOG)]),
        ("log2(tp / 0) < 1", [("tp / 0", ZERO)]),
        ("log2(0.5) < tp", []),
        ("log2(tp) < 1", []),
        ("log2(1e308 * 10) < tp", []),
        ("tp / pp > 1", []),
        ("tp / (1e308 * 10) < 1", []),
        ("tp / 0.5 > 1", []),
        ("tp * 0 > 1 or abs(0) > tp - 0", []),
    ],
)
def test_what_has_no_value_whatever_the_candidate(text: str, found: list[tuple[str, str]]) -> None:
    tree = compile_condition(plain(text), registry()).tree
    parts = [(text[slice(*span(node))], why) for node, why in undefined(tree)]
    assert [(part.removesuffix(" > 1"), why) for part, why in parts] == found
