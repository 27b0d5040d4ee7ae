"""Rows of a table as points, and what is wrong with a row."""

from __future__ import annotations

import pytest

from sizer.diagnostic import Problem
from sizer.load.points import BLOCK, Row, read_measured, read_points
from sizer.structure.files.csv_document import parse_csv


def rows(text: str) -> list[Row]:
    return read_points(parse_csv(text, "t.csv"))


def test_blank_is_the_default_and_whole_numbers_may_have_a_point() -> None:
    (row,) = rows("model,gpu,tp,concurrency,note\nm,g,8.0,,x\n")
    assert row.point is not None
    assert (row.point.tp, row.point.concurrency) == (8, None)


def test_every_fault_of_a_row_is_told_and_other_rows_stand() -> None:
    first, second = rows(
        "model,gpu,tp,gpu_memory_utilization,engine,dp,static_batching\n"
        "m,,8.5,nan,vlm,0,perhaps\n"
        "m,g,,,VLLM,1,TRUE\n"
    )
    assert first.point is None
    assert [fault.split(":")[0] for fault in first.faults] == [
        "gpu is blank",
        "tp",
        "dp",
        "engine",
        "gpu_memory_utilization",
        "static_batching",
    ]
    assert second.faults == ()
    assert second.point is not None
    assert (second.point.engine, second.point.static_batching) == ("vllm", True)


@pytest.mark.parametrize(
    ("text", "said", "help_"),
    [
        ("modle,gpu\n", "no column 'model'", "did you mean 'modle'?"),
        ("model\n", "no column 'gpu'", None),
        ("model,gpu,itl_ms\n", "column 'itl_ms' is what", "call a measurement `measured_itl_ms`"),
        ("model,gpu,problem\n", "column 'problem' is what", None),
    ],
)
def test_columns_that_cannot_be_are_refused(text: str, said: str, help_: str | None) -> None:
    with pytest.raises(Problem) as caught:
        rows(text)
    (found,) = caught.value.diagnostics
    assert found.message.startswith(said)
    assert help_ is None or found.help == help_


def test_a_fault_in_a_later_block_names_its_row() -> None:
    text = "model,gpu,measured_itl_ms\n" + "m,g,5\n" * BLOCK + "m,g,fast\n"
    with pytest.raises(Problem, match=f"row {BLOCK + 1:d}, column"):
        read_measured(parse_csv(text, "t.csv"))


def test_every_fault_of_a_measurement_names_its_row() -> None:
    text = "model,gpu,measured_itl_ms,measured_latency_ms\nm,g,5,\nm,g,0,\nm,g,fast,\n"
    with pytest.raises(Problem) as caught:
        read_measured(parse_csv(text, "t.csv"))
    assert [each.message for each in caught.value.diagnostics] == [
        "column 'measured_latency_ms' measures itl_ms a second time",
        "row 2, column 'measured_itl_ms': must be above 0, not 0",
        "row 3, column 'measured_itl_ms': must be a number, not 'fast'",
    ]
