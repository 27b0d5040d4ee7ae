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


LOG = Path(__file__).parents[1] / "imports" / "vllm_logs" / "0.12-moe.log"


def test_what_import_reads_is_scored_as_it_stands(tmp_path: Path) -> None:
    imported = sizer("import", "--vllm-log", LOG, "--gpu", "H200")
    by_table = sizer("score", table(tmp_path, imported.stdout), "--format", "json")
    at_once = sizer("score", LOG, "--gpu", "H200", "--format", "json")
    assert at_once.returncode == 0, at_once.stderr
    assert at_once.stdout == by_table.stdout
    assert json.loads(at_once.stdout)["scores"]


def test_a_table_says_itself_what_it_measures(tmp_path: Path) -> None:
    path = table(tmp_path, "model,gpu,measured_itl_ms\nQwen/Qwen2.5-7B,L4,60\n")
    done = sizer("score", path, "--gpu", "L4")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[SZ006]: --gpu and --model are for files of other tools" in done.stderr


@pytest.mark.parametrize("command", ["score", "calibrate"])
def test_times_that_contradict_each_other_are_warned_of(tmp_path: Path, command: str) -> None:
    columns = "model,gpu,output_tokens,measured_itl_ms,measured_ttft_ms,measured_e2e_ms\n"
    rows = "Qwen/Qwen2.5-7B,H100,101,20,100,2100\nQwen/Qwen2.5-7B,H100,101,25,100,2100\n"
    done = sizer(command, table(tmp_path, columns + rows))
    assert done.returncode == 0, done.stderr
    assert "measured.csv: warning[SZ009]: 1 row where itl_ms" in done.stderr
    assert "row 2: 25 and 20 ms" in done.stderr
