"""`sizer estimate`: a table in, the same table with its estimates out."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

from command_line import sizer

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
