"""`sizer estimate`: a table in, the same table with its estimates out."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

from command_line import sizer

from sizer.load.points import BLOCK
from sizer.resolve.points import MOST_HINTS

TABLE = "model,gpu,tp,note\nQwen/Qwen2.5-7B,H100,,mine\nnobody/nothing,H100,,\n"


def test_unknown_columns_pass_through_blanks_are_filled_and_problems_said(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(TABLE, "utf-8")
    done = sizer("estimate", path)
    assert done.returncode == 1
    assert "1 of 2 rows cannot be estimated" in done.stderr
    good, bad = csv.DictReader(StringIO(done.stdout))
    assert (good["note"], good["tp"], good["problem"]) == ("mine", "1", "")
    assert float(good["itl_ms"]) > 0
    assert bad["itl_ms"] == ""
    assert "nobody/nothing is in neither catalog nor cache" in bad["problem"]


def test_json_lines_by_the_ending_of_the_output(tmp_path: Path) -> None:
    path, out = tmp_path / "points.csv", tmp_path / "out.jsonl"
    path.write_text("model,gpu,tp,measured_itl_ms,note\nQwen/Qwen2.5-7B,H100,2,9.5,7\n", "utf-8")
    done = sizer("estimate", path, "-o", out)
    assert (done.returncode, done.stdout) == (0, "")
    (line,) = out.read_text("utf-8").splitlines()
    found = json.loads(line)
    shown = [found[name] for name in ("tp", "measured_itl_ms", "note", "problem")]
    assert shown == [2, 9.5, "7", None]


def test_a_table_without_models_is_a_bad_question(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("gpu\nH100\n", "utf-8")
    done = sizer("estimate", path)
    assert done.returncode == 2
    assert "SZ102" in done.stderr
    assert done.stdout == ""


def test_a_table_of_several_blocks_is_written_as_its_rows_alone(tmp_path: Path) -> None:
    path, rows = tmp_path / "points.csv", 2 * BLOCK + 5
    lines = ("Qwen/Qwen2.5-7B,H100,=1+1", "Qwen/Qwen2.5-7B,L4,-7", "nobody/nothing,H100,")
    texts = [lines[number % 3] for number in range(rows)]
    path.write_text("model,gpu,note\n" + "\n".join(texts) + "\n", "utf-8")
    done = sizer("estimate", path)
    found = done.stdout.splitlines()
    assert len(found) == rows + 1
    assert len(set(found[1:])) == 3
    assert f"of {rows:,} rows cannot be estimated" in done.stderr
    formula, negative, unknown = csv.DictReader(StringIO("\n".join(found[:4])))
    assert (formula["note"], negative["note"], unknown["note"]) == ("'=1+1", "'-7", "")


def test_a_number_below_zero_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("model,gpu\nmeta-llama/Llama-3.1-70B,L4\n", "utf-8")
    (row,) = csv.DictReader(StringIO(sizer("estimate", path).stdout))
    assert float(row["memory_headroom_gib"]) < 0


def test_very_many_unknown_names_get_few_hints(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    names = [f"nobody/model-{number}" for number in range(300)]
    path.write_text("model,gpu\n" + "".join(f"{name},H100\n" for name in names), "utf-8")
    rows = list(csv.DictReader(StringIO(sizer("estimate", path).stdout)))
    assert all(each["model"] in each["problem"] for each in rows)
    helped = [bool(each["problem"].partition("; ")[2]) for each in rows]
    assert helped == [True] * MOST_HINTS + [False] * (300 - MOST_HINTS)
