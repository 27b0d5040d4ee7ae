"""Laws of summaries: no order and no split of a log changes one, and its moments are the log's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import fmean, pvariance

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from sizer.load.traffic import read_traffic
from sizer.schema.asked.traffic import Traffic
from sizer.structure.facts import write_facts
from sizer.structure.files.reader import DISK
from sizer.traffic.design import joint_lengths
from sizer.traffic.logs.reading import read_log

duckdb = pytest.importorskip("duckdb", reason="logs are read by the extra `traffic`")

Row = tuple[int, int, int]
ROWS = st.lists(
    st.tuples(st.integers(0, 200_000_000), st.integers(1, 200_000), st.integers(1, 9000)),
    min_size=2,
    max_size=60,
).filter(lambda rows: len({arrived for arrived, _, _ in rows}) > 1)
FEW = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


def summary(rows: Sequence[Row], folder: Path) -> Traffic:
    lines = [f"{us / 1e6:.6f},{prompt},{answer}\n" for us, prompt, answer in rows]
    path = folder / "log.csv"
    path.write_text("timestamp,input_tokens,output_tokens\n" + "".join(lines), "utf-8")
    return read_log(path)


@FEW
@given(ROWS, st.integers(0, 10**6))
def test_no_order_of_rows_changes_a_summary(folder: Path, rows: list[Row], seed: int) -> None:
    found = summary(rows, folder)
    Random(seed).shuffle(rows)  # noqa: S311  # no secret
    assert summary(rows, folder) == found


@FEW
@given(ROWS, st.integers(0, 60))
def test_a_log_that_comes_in_two_parts_is_one_log(
    folder: Path, rows: list[Row], first: int
) -> None:
    """Parts as files of Parquet, which DuckDB reads as blocks of their own."""
    found = summary(rows, folder)
    path = folder / "parts.parquet"
    text = (folder / "log.csv").as_posix()
    with duckdb.connect() as writer:
        writer.execute(f"CREATE TABLE log AS SELECT * FROM read_csv('{text}')")
        query = (
            f"SELECT * FROM log WHERE rowid >= {first} UNION ALL "
            f"SELECT * FROM log WHERE rowid < {first}"
        )
        writer.execute(f"COPY ({query}) TO '{path}' (ROW_GROUP_SIZE 2048)")
    assert evolve(read_log(path), source=found.source) == found


@FEW
@given(ROWS)
def test_moments_of_a_summary_are_those_of_its_log(folder: Path, rows: list[Row]) -> None:
    lengths = joint_lengths(summary(rows, folder).lengths)
    for power in range(1, 7):
        mean = fmean(prompt**power for _, prompt, _ in rows)
        assert lengths.moment(power) == pytest.approx(mean, rel=1e-6)
    for power in (1, 2):
        mean = fmean(answer**power for _, _, answer in rows)
        assert lengths.moment(0, power) == pytest.approx(mean, rel=1e-6)
    product = fmean(prompt * answer for _, prompt, answer in rows)
    assert lengths.moment(1, 1) == pytest.approx(product, rel=1e-5)
    bucketed = evolve(lengths, exact=())
    assert bucketed.moment() == pytest.approx(1)
    assert bucketed.input_tokens == pytest.approx(lengths.input_tokens, rel=1e-5)
    assert bucketed.output_tokens == pytest.approx(lengths.output_tokens, rel=1e-5)


@FEW
@given(ROWS)
def test_what_is_written_of_any_log_is_sound(folder: Path, rows: list[Row]) -> None:
    found = summary(rows, folder)
    path = folder / "traffic.toml"
    path.write_text(write_facts(found), "utf-8")
    _, read, faults = read_traffic(path, DISK)
    assert faults == []
    assert read == found


@FEW
@given(ROWS)
def test_gaps_and_windows_are_those_of_sorted_arrivals(folder: Path, rows: list[Row]) -> None:
    found = summary(rows, folder)
    times = sorted(us for us, _, _ in rows)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert found.gaps_squared_cv == pytest.approx(
        pvariance(gaps) / fmean(gaps) ** 2, rel=1e-5, abs=1e-9
    )
    for window in found.windows:
        by_hand = counts(times, window.window_s, 1)[: window.windows]
        assert len(by_hand) == window.windows
        assert window.peak_per_s * window.window_s == pytest.approx(max(by_hand))
        assert window.mean_per_s * window.window_s == pytest.approx(fmean(by_hand), rel=1e-5)
        assert window.dispersion == pytest.approx(
            pvariance(by_hand) / fmean(by_hand), rel=1e-5, abs=1e-9
        )
        rank = -(-99 * len(by_hand) // 100)
        wanted = sorted(by_hand)[rank - 1]
        assert window.p99_per_s * window.window_s == pytest.approx(wanted, rel=1e-5)
        assert_within(times, window.window_s, window.windows, window.dispersion_within)


def counts(times: list[int], window_s: int, parts: int) -> list[int]:
    """Return how many arrivals are in each part of each window, from the first on."""
    cell = window_s * 1_000_000 // parts
    found = [0] * ((times[-1] - times[0]) // cell + 1)
    for us in times:
        found[(us - times[0]) // cell] += 1
    return found


def assert_within(times: list[int], window_s: int, windows: int, told: float) -> None:
    tenths = counts(times, window_s, 10)[: 10 * windows]
    each = [tenths[start : start + 10] for start in range(0, 10 * windows, 10)]
    squares = sum(pvariance(window) * 10 / 9 for window in each) / windows
    assert told == pytest.approx(squares / fmean(tenths), rel=1e-5, abs=1e-9)
