"""A score of prompts that were read apart, on rows written by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from disagg_rows import Runs, is_whole, runs
from score_disagg import Score, by_group, error, fitted, orders, pairs, report

from sizer.estimate.apart.alone import Alone

ROW = {
    "model": "deepseek-ai/DeepSeek-V3",
    "gpu": "B200",
    "engine": "trtllm",
    "weights": "fp4",
    "isl": "8192",
    "osl": "1024",
    "concurrency": "64",
    "prefill_num_workers": "1",
    "prefill_tp_size": "1",
    "prefill_pp_size": "1",
    "prefill_attention_dp_size": "4",
    "prefill_moe_ep_size": "4",
    "decode_num_workers": "4",
    "decode_tp_size": "8",
    "decode_pp_size": "1",
    "decode_attention_dp_size": "1",
    "decode_moe_ep_size": "8",
    "ttft_ms": "1500",
    "tpot_ms": "9",
    "source": "db-dump/of a day",
}
CHANGES: tuple[dict[str, str], ...] = (
    {},
    {"prefill_num_workers": "2", "ttft_ms": "800"},
    {"decode_num_workers": "1", "tpot_ms": "12", "ttft_ms": "1400"},
    {"gpu": "GB200", "concurrency": "8"},
    {"concurrency": ""},
    {"source": "somebody else"},
)


def written(folder: Path, *changes: dict[str, str]) -> Runs:
    file = folder / "disagg.csv"
    with file.open("w", newline="") as out:
        table = csv.DictWriter(out, tuple(ROW))
        table.writeheader()
        table.writerows(ROW | each for each in changes)
    return runs(file)


def test_rows_of_the_dump_with_both_sides_and_a_load_are_runs(tmp_path: Path) -> None:
    found = written(tmp_path, *CHANGES)
    assert [is_whole(ROW | each) for each in CHANGES] == [True] * 4 + [False] * 2
    first = found.points[0]
    assert first.deployment.split == (8, 1, 8, 1, 4)
    assert first.deployment.prefill is not None
    assert first.deployment.prefill.split == (1, 1, 4, 4, 1)
    assert (first.load.input_tokens, first.load.output_tokens) == (7373, 922)
    assert found.gpus.tolist() == [36, 40, 12, 36]


def test_pairs_are_of_one_load_and_differ_in_their_sides(tmp_path: Path) -> None:
    assert list(pairs(written(tmp_path, *CHANGES))) == [(1, 0), (2, 0), (2, 1)]


def test_an_order_is_of_measurements_that_are_apart(tmp_path: Path) -> None:
    score = Score(written(tmp_path, *CHANGES))
    measured = np.array([1.0, 2.0, 1.1, 5.0])
    assert orders(score, measured, np.array([1.0, 3.0, 2.0, 1.0])) == [True, True]
    assert orders(score, measured, np.array([3.0, 1.0, 2.0, 1.0])) == [False, False]


def test_errors_are_medians_and_leave_unknown_ones_out() -> None:
    logs = np.log(np.array([2.0, 0.5, 1.1, np.nan]))
    assert error(logs) == pytest.approx(1.0)
    assert by_group(logs, np.array(["a", "a", "b", "c"])) == pytest.approx([1.0, 0.1])


def test_a_score_counts_runs_groups_and_orders(tmp_path: Path) -> None:
    lines = list(report(Score(written(tmp_path, *CHANGES))))
    assert lines[0] == "4 runs, 2 groups"
    assert [line.partition(":")[0] for line in lines[1:3]] == ["ttft_ms", "itl_ms"]
    assert lines[-1].startswith("order of sides by tokens_per_second_per_gpu: ")


def test_constants_are_those_by_which_runs_were_made(tmp_path: Path) -> None:
    """Of runs as long as sizer says with other constants, a fit finds those."""
    found = written(tmp_path, *CHANGES)
    made = Alone(groups=1.8, arithmetic=0.4, engine=0.95)
    told = Score(found, made).told
    rows = [
        {**ROW, **change, "ttft_ms": str(ttft), "tpot_ms": str(pace)}
        for change, ttft, pace in zip(CHANGES, told["ttft_ms"], told["itl_ms"], strict=False)
    ]
    again = written(tmp_path, *rows)
    known: dict[Alone, Score] = {}
    best = fitted(lambda alone: known.setdefault(alone, Score(again, alone)), np.ones(4, np.bool_))
    assert (best.groups, best.engine) == (1.8, 0.95)
