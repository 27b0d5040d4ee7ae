import pytest

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.expr.check.check import compile_condition, compile_message
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.text.source import Source, plain
from sizer.schema.asked.parameter import Parameter, Scalar
from sizer.schema.metrics import registry

WITH_UNKNOWN = {**registry(), "itl": registry()["itl_ms"]}


def compiled_with(value: Scalar, text: str = "itl_ms < most_ms") -> object:
    names = {**registry(), "most_ms": Parameter("most_ms", value)}
    return evaluate_row(compile_condition(plain(text), names), {"itl_ms": 15.0})


def test_a_text_that_two_files_share_is_checked_once() -> None:
    text = "itl_ms < 10 and fits"
    names = {**registry(), "unread": Parameter("unread", 1.0)}
    assert compile_condition(plain(text), names) is compile_condition(plain(text), registry())


def test_a_text_is_checked_anew_where_a_parameter_is_another() -> None:
    assert [compiled_with(value) for value in (10.0, 20.0, 10.0)] == [False, True, False]


@pytest.mark.parametrize("values", [(1.0, True), (True, 1.0), (0.0, False)])
def test_a_number_and_a_truth_are_not_the_same_parameter(values: tuple[Scalar, Scalar]) -> None:
    text = "fits or most_ms"
    names = [{**registry(), "most_ms": Parameter("most_ms", value)} for value in values]
    found = []
    for each in names:
        try:
            found.append(compile_condition(plain(text), each).kind)
        except Problem:
            found.append("at fault")
    assert sorted(found) == ["at fault", "bool"]


def test_what_is_at_fault_is_told_at_the_place_and_by_the_names_of_each_file() -> None:
    def told(file: str, names: dict[str, object]) -> Diagnostic:
        source = Source("itll < 1", lambda start, end: Place(file, 1, start + 1, end - start))
        with pytest.raises(Problem) as caught:
            compile_condition(source, names)  # type: ignore[arg-type]
        (found,) = caught.value.diagnostics
        return found

    first, second = told("a.toml", {**registry()}), told("b.toml", {**WITH_UNKNOWN})
    assert first.place == Place("a.toml", 1, 1, 4)
    assert second.place == Place("b.toml", 1, 1, 4)
    assert (first.help, second.help) == ("did you mean 'itl_ms'?", "did you mean 'itl'?")


def test_a_message_shows_the_parameter_of_its_own_file() -> None:
    said = [
        compile_message(plain("over {most_ms}"), {"most_ms": Parameter("most_ms", value)}).fill({})
        for value in (10.0, 20.0)
    ]
    assert said == ["over 10", "over 20"]
