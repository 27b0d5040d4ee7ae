"""Times of a row that deny each other: a token takes what is left of its request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.diagnostic import Diagnostic
from sizer.load.contradictions import contradictions
from sizer.load.points import read_measured
from sizer.structure.files.csv_document import parse_csv

TIMES = st.floats(1.0, 1e4)
HEADER = "model,gpu,output_tokens,measured_itl_ms,measured_ttft_ms,measured_e2e_ms\n"


def found(*rows: str, header: str = HEADER) -> list[Diagnostic]:
    table = parse_csv(header + "".join(f"m,g,{row}\n" for row in rows), "mine.csv")
    return [*contradictions(table, read_measured(table))]


@given(TIMES, TIMES, st.integers(2, 5000), st.floats(0.92, 1.08))
def test_what_its_own_times_bear_out_is_no_fault(
    itl: float, ttft: float, tokens: int, noise: float
) -> None:
    assert not found(f"{tokens},{itl * noise},{ttft},{ttft + (tokens - 1) * itl}")


@given(TIMES, TIMES, st.integers(2, 5000), st.floats(1.2, 10))
def test_an_interval_too_long_or_too_short_is_told(
    itl: float, ttft: float, tokens: int, times: float
) -> None:
    whole = ttft + (tokens - 1) * itl
    (warning,) = found(
        f"{tokens},{itl * times},{ttft},{whole}", f"{tokens},{itl / times},{ttft},{whole}"
    )
    assert warning.severity == "warning"
    assert warning.message.startswith("2 rows where itl_ms")


def test_an_interval_by_hand() -> None:
    """300 ms and then 255 tokens in 6,200 ms are 24.31 ms each; 12 ms are half of that."""
    (warning,) = found(",12,300,6500")
    assert "row 1: 12 and 24.31 ms" in warning.message


def test_some_of_many_are_named() -> None:
    (warning,) = found(*["11,50,100,300"] * 5)
    assert warning.message.startswith("5 rows")
    assert warning.message.endswith("row 3: 50 and 20 ms, and 2 more")


@pytest.mark.parametrize("row", ["1,50,100,100", "11,,100,300", "11,50,,300", "x,50,100,300"])
def test_a_row_without_all_three_says_nothing(row: str) -> None:
    assert not found(row)


def test_a_table_without_whole_requests_says_nothing() -> None:
    assert not found("11,50,100", header=HEADER.replace(",measured_e2e_ms", ""))
