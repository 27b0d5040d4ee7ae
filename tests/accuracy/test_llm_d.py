"""A fleet behind a router, by request rate: the table on record, and where its knee is."""

from __future__ import annotations

import os
from pathlib import Path

from llm_d import MEASURED, tables

RECORD = Path(__file__).parent / "llm_d.md"


def test_first_tokens_by_rate_are_those_on_record() -> None:
    found = "\n".join(tables()) + "\n"
    if os.environ.get("SIZER_UPDATE_GOLDEN"):
        RECORD.write_text(found, "utf-8")
    assert found == RECORD.read_text("utf-8")


def test_the_measured_rates_name_their_source() -> None:
    assert "llm-d/llm-d@17e359c" in MEASURED.read_text("utf-8")
