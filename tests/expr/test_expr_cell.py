"""Values as a person reads them."""

from __future__ import annotations

import math

import pytest

from sizer.expr.language.cell import Cell, shown


@pytest.mark.parametrize(
    ("value", "spec", "said"),
    [
        (True, "", "true"),
        (False, ".1f", "false"),
        (None, ".1f", "unknown"),
        (math.nan, "", "unknown"),
        (3.0, "", "3"),
        (-0.125, "", "-0.125"),
        (999.96, "", "1000"),
        (1000.4, "", "1000"),
        (1000.5, ",.1f", "1,000.5"),
        (123456.7, "", "123457"),
        (999999999999999.0, "", "999999999999999"),
        (1e15, "", "1e+15"),
        (1.5e15, "", "1.5e+15"),
        (0.000012345, "", "1.234e-05"),
        ("a\tb\x00c", ".1f", "a bc"),
    ],
)
def test_a_value_is_short_and_printable(value: Cell, spec: str, said: str) -> None:
    assert shown(value, spec) == said
    if not spec:
        assert shown(value) == said
