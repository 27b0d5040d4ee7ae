"""`sizer score`: measurements in, errors out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import sizer

ROWS = "Qwen/Qwen2.5-7B,H100,8.0,x\nQwen/Qwen2.5-7B,L4,60,y\nQwen/Qwen2.5-7B,L4,,y\n"


def table(folder: Path, text: str) -> Path:
    path = folder / "measured.csv"
    path.write_text(text, "utf-8")
    return path


def test_scores_by_a_column_as_json(tmp_path: Path) -> None:
    path = table(tmp_path, "model,gpu,measured_latency_ms,site\n" + ROWS)
    done = sizer("score", path, "--by", "site", "--worst", "1", "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert [each["rows"] for each in answer["scores"]] == ["all", "median of groups", "x", "y"]
    assert answer["scores"][0]["points"] == 2
    (miss,) = answer["worst"]
    assert miss["estimated"] / miss["measured"] - 1 == pytest.approx(miss["error"])


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("model,gpu\n", (), "no column `measured_<metric>`"),
        ("model,gpu,measured_itl\n", (), "measures no numeric metric"),
        ("model,gpu,measured_itl_ms\nm,g,0\n", (), "must be above 0"),
        ("model,gpu,measured_itl_ms\nm,g,nan\n", (), "finite"),
        ("model,gpu,measured_itl_ms\n", ("--by", "site"), "no such column"),
    ],
)
def test_what_cannot_be_scored_is_a_bad_question(
    tmp_path: Path, text: str, options: tuple[str, ...], said: str
) -> None:
    done = sizer("score", table(tmp_path, text), *options)
    assert done.returncode == 2
    assert said in done.stderr


def test_nothing_to_score_is_told(tmp_path: Path) -> None:
    path = table(tmp_path, "model,gpu,measured_itl_ms\nnobody/nothing,H100,5\n")
    done = sizer("score", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "1 of 1 row cannot be estimated" in done.stderr
