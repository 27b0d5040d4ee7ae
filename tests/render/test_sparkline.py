"""A row of numbers as one line of marks."""

from sizer.render.kit.sparkline import sparkline


def test_marks_rise_with_values() -> None:
    assert sparkline([0, 1, 4, 8], 8) == " \u2581\u2584\u2588"
    assert sparkline([0, 1, 4, 8], 8, plain=True) == " .=@"


def test_nothing_is_drawn_of_nothing() -> None:
    assert sparkline([0.0, 0.0], 0.0) == "  "
    assert sparkline([float("nan")], 1.0) == " "
    assert sparkline([], 1.0) == ""
