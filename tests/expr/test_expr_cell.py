"""Values as a person reads them."""

from __future__ import annotations

import math

import pytest

from sizer.expr.language.cell import Cell, NumberFormat, shown

FORMS = ("", "d", *(f"{digits}{kind}" for digits in ("", ".0", ".9") for kind in "feg%"))


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
    form = NumberFormat.read(spec)
    assert form
    assert shown(value, form) == said
    if not spec:
        assert shown(value) == said


@pytest.mark.parametrize(
    "text",
    ["x", "c", "n", ">9", "99f", ".10f", ".99999999f", ".\u0663f", "+.1f", "0d", "_d", "{}", " "],
)
def test_what_could_be_long_is_no_format(text: str) -> None:
    assert NumberFormat.read(text) is None


@pytest.mark.parametrize("spec", [f"{comma}{form}" for comma in ("", ",") for form in FORMS])
@pytest.mark.parametrize("number", [0.0, -1e308, 1e308, 5e-324, 123456.789])
def test_every_format_prints_any_number_in_bounded_length(spec: str, number: float) -> None:
    form = NumberFormat.read(spec)
    assert form
    assert 0 < len(form.of(number)) < 450
