"""Published rows become points as they were run; what has no place is counted, never lost."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from families import family
from published import COLUMNS, Row, merged, points
from scenarios import deployment

COLUMNS_OF_ROWS = [
    "source",
    "source_ref",
    "date",
    "model_hf_id",
    "params_b",
    "gpu",
    "gpu_count",
    "tp",
    "pp",
    "ep",
    "dp",
    "weight_dtype",
    "kv_dtype",
    "engine",
    "engine_version",
    "isl",
    "osl",
    "concurrency",
    "scenario",
    "request_rate",
    "output_tok_s_total",
    "ttft_ms",
    "itl_ms",
    "flags",
    "quality",
    "group",
    "prefill_wait_steps",
    "max_num_batched_tokens",
]
ROW = dict.fromkeys(COLUMNS_OF_ROWS, "") | {
    "source": "inferencex",
    "source_ref": "github:x/y@1:a.csv",
    "date": "2026-02-01",
    "model_hf_id": "deepseek-ai/DeepSeek-R1",
    "params_b": "671",
    "gpu": "H200-SXM",
    "gpu_count": "8",
    "tp": "8",
    "weight_dtype": "fp8",
    "engine": "SGLang",
    "isl": "1024.0",
    "osl": "1024.0",
    "concurrency": "16",
    "scenario": "concurrency",
    "ttft_ms": "200",
    "itl_ms": "20",
    "flags": "len_x0.9",
    "quality": "A",
    "group": "dsr1@H200",
}


def read(path: Path, *rows: Row) -> tuple[list[Row], Counter[str]]:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS_OF_ROWS)
        table.writeheader()
        table.writerows(rows)
    left_out = Counter[str]()
    return points(path, left_out), left_out


def test_a_point_has_the_settings_of_its_launch(tmp_path: Path) -> None:
    asked = ROW | {"prefill_wait_steps": "15", "max_num_batched_tokens": "16384"}
    ((point,), left_out) = read(tmp_path / "perf.csv", asked)
    assert set(point) == set(COLUMNS)
    assert (point["scheduler_recv_interval"], point["prefill_wait_steps"]) == ("30", "")
    assert point["max_num_batched_tokens"] == "16384"
    assert (point["input_tokens"], point["input_tokens_spread"]) == ("922", "0.0642")
    assert not left_out


def test_another_engine_holds_prompts_back_by_itself(tmp_path: Path) -> None:
    asked = ROW | {"prefill_wait_steps": "15", "engine": "TensorRT-LLM"}
    ((point,), _) = read(tmp_path / "perf.csv", asked)
    assert (point["scheduler_recv_interval"], point["prefill_wait_steps"]) == ("", "15")


def test_a_row_without_a_place_is_counted_with_its_reason(tmp_path: Path) -> None:
    unknown = ROW | {"source": "mlperf_v9", "gpu": "H999", "scenario": "offline"}
    other = ROW | {"engine": "ATOM(AMD)"}
    rows = [ROW, unknown, other, ROW | {"quality": "C"}, ROW | {"flags": "mtp"}, ROW | {"osl": ""}]
    found, left_out = read(tmp_path / "perf.csv", *rows)
    assert len(found) == 1
    assert left_out == {
        "no place: unknown accelerator 'H999'": 1,
        "engine ATOM(AMD)": 1,
        "quality C": 1,
        "flag mtp": 1,
        "no lengths": 1,
    }


def test_runs_of_one_configuration_count_once(tmp_path: Path) -> None:
    later = ROW | {"date": "2026-02-20", "itl_ms": "22", "ttft_ms": ""}
    found, _ = read(tmp_path / "perf.csv", ROW, later, ROW | {"concurrency": "32"})
    assert [(row["concurrency"], row["measured_itl_ms"]) for row in found] == [
        ("16", "21"),
        ("32", "20"),
    ]
    assert (found[0]["date"], found[0]["measured_ttft_ms"]) == ("2026-02-20", "200")


def test_one_run_is_itself() -> None:
    row = dict.fromkeys(COLUMNS, "") | {"measured_itl_ms": "20"}
    assert merged([row]) == row


def test_users_who_ask_for_one_length_are_in_step(tmp_path: Path) -> None:
    silicon = ROW | {"source": "aiconfigurator_silicon", "flags": ""}
    found, _ = read(tmp_path / "perf.csv", silicon, silicon | {"scenario": "single"})
    assert [row["lockstep"] for row in found] == ["true", ""]


@pytest.mark.parametrize(
    ("model", "weights", "kind"),
    [
        ("meta-llama/Llama-3.1-8B", "fp8", "dense"),
        ("deepseek-ai/DeepSeek-R1", "fp8-block", "MLA"),
        ("deepseek-ai/DeepSeek-V3.2", "fp8-block", "sparse attention"),
        ("Qwen/Qwen3-Next-80B-A3B-Instruct", "bf16", "hybrid"),
        ("openai/gpt-oss-120b", "mxfp4", "experts in 4 bits"),
        ("MiniMaxAI/MiniMax-M2.5", "fp8-block", "experts in block fp8"),
        ("Qwen/Qwen3-30B-A3B", "bf16", "experts in plain formats"),
    ],
)
def test_a_family_is_what_its_layers_launch(model: str, weights: str, kind: str) -> None:
    assert family(deployment(model, weights)) == kind


def test_a_row_without_a_version_ran_the_newest_release_of_its_day(tmp_path: Path) -> None:
    found, _ = read(tmp_path / "perf.csv", ROW, ROW | {"date": "2026-03-01"})
    assert [row["engine_version"] for row in found] == ["0.5.8", "0.5.9"]
