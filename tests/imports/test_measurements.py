"""Whichever tool wrote a file of measurements, its points are read through one door."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.diagnostic import Problem
from sizer.imports.measurements import READERS, Measurements, Named, Reader, measurements
from sizer.structure.files.csv_document import CsvTable, parse_csv

LOGS = sorted((Path(__file__).parent / "vllm_logs").glob("*.log"))
TABLE = "model,gpu,measured_itl_ms\nQwen/Qwen2.5-7B,L4,60\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "measured"
    path.write_text(text, encoding)
    return path


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_a_log_is_the_table_that_import_writes(log: Path) -> None:
    named = Named("H100" if "H100" not in log.read_text("utf-8") else None, "Qwen/Qwen2.5-7B")
    found = measurements(log, named)
    assert isinstance(found.table, CsvTable)
    wanted = parse_csv(log.with_suffix(".csv").read_text("utf-8"), str(log))
    assert found.table.columns == wanted.columns
    assert found.table.count == wanted.count


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_read_whatever_its_file_is_called(tmp_path: Path, encoding: str) -> None:
    found = measurements(written(tmp_path, TABLE, encoding), Named())
    (block,) = found.table.blocks(10)
    assert block.rows == (("Qwen/Qwen2.5-7B", "L4", "60"),)
    assert found.table.count == 1


def test_a_table_stays_one_whatever_its_cells_say(tmp_path: Path) -> None:
    text = "model,gpu,note\nm,g,Loading model weights took 14.9888 GB\n"
    assert measurements(written(tmp_path, text), Named()).table.columns[2] == "note"


def test_the_first_reader_that_knows_a_file_reads_it(tmp_path: Path) -> None:
    own = Reader(
        "a tool",
        lambda content: content.startswith(b"{"),
        lambda _, file, named: Measurements(parse_csv(f"model,gpu\n{named.model},L4\n", file)),
    )
    found = measurements(written(tmp_path, "{}"), Named(model="m"), (*READERS, own))
    (block,) = found.table.blocks(10)
    assert block.rows == (("m", "L4"),)


def test_what_nobody_knows_is_told_as_a_table(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="CSV: no header line"):
        measurements(written(tmp_path, ""), Named())
    with pytest.raises(Problem, match="no such file"):
        measurements(tmp_path / "nowhere", Named())
