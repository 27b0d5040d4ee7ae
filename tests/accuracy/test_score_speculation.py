"""Rows with drafts are scored as they were run, beside those without that are alike."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from score_speculation import fitted, logs_of, measured, pairs, report
from test_published import ROW

DRAFTED = {
    **ROW,
    "id": "1",
    "model_hf_id": "deepseek-ai/DeepSeek-R1-0528",
    "gpu": "B200",
    "tp": "8",
    "flags": "mtp|len_x0.9",
    "itl_ms": "9.0",
}
PLAIN = {**DRAFTED, "id": "2", "flags": "len_x0.9", "itl_ms": "14.0"}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "perf.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, list(DRAFTED))
        table.writeheader()
        table.writerows(rows)
    return file


def test_a_row_drafts_what_its_launch_did_and_its_pair_drafts_nothing(tmp_path: Path) -> None:
    left_out = Counter[str]()
    elsewhere = {**DRAFTED, "source": "sgl_cookbook"}
    apart = {**DRAFTED, "flags": "mtp|disagg"}
    rows = measured(written(tmp_path, DRAFTED, PLAIN, elsewhere, apart), left_out)
    assert [each.tokens for each in rows] == [2, 0]
    assert left_out == {"drafted tokens unknown": 1, "flag disagg": 1}
    assert list(pairs(rows[:1], rows[1:])) == [(0, 0)]


def test_more_accepted_is_a_shorter_gap_and_the_fit_is_right_where_it_can(tmp_path: Path) -> None:
    rows = measured(written(tmp_path, DRAFTED, PLAIN), Counter())[:1]
    assert logs_of(rows, 0.8)[0] < logs_of(rows, 0.4)[0]
    chance = fitted(rows)[""]
    assert 0.3 < chance < 0.95
    assert logs_of(rows, chance)[0] == pytest.approx(0.0, abs=0.02)


def test_the_report_counts_a_gain_that_was_measured(tmp_path: Path) -> None:
    rows = measured(written(tmp_path, DRAFTED, PLAIN), Counter())
    said = "\n".join(report(rows, {"": 0.6, DRAFTED["group"]: 0.6}))
    assert "| all | 1 | 1.56x |" in said
    assert "100.0% of 1 |" in said
