"""The accuracy on a committed table of published figures: a change of it shows in review."""

from __future__ import annotations

import os
from pathlib import Path

from score_perf import shipped

HERE = Path(__file__).parent
FIGURES = HERE / "figures.md"
TABLE = HERE / "published.csv"
MOST_ROWS = 300


def test_figures_are_those_on_record() -> None:
    found = "\n".join(shipped(TABLE)) + "\n"
    if os.environ.get("SIZER_UPDATE_GOLDEN"):
        FIGURES.write_text(found, "utf-8")
    assert found == FIGURES.read_text("utf-8")


def test_the_table_names_the_source_of_every_row() -> None:
    header, *rows = TABLE.read_text("utf-8").splitlines()
    assert header.endswith(",source,source_ref")
    assert len(rows) <= MOST_ROWS
    assert all("github:" in row for row in rows)
