"""Start-up logs of vLLM: every wording is read, and what cannot be is told with its line."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from sizer.diagnostic import Problem, shown
from sizer.imports.vllm_log.log import Log, parse_log, read_logs
from sizer.imports.vllm_log.rows import COLUMNS, Rows, measured_rows
from sizer.imports.vllm_log.wordings import WORDINGS, Wording
from sizer.load.points import read_measured, read_points
from sizer.render.forms import LISTING
from sizer.render.listing import Listing
from sizer.structure.files.csv_document import parse_csv

LOGS = Path(__file__).with_name("vllm_logs")
GPU = "A100-SXM4-80GB"  # for logs that name none


def rows_of(text: str, gpu: str | None = GPU, model: str | None = None) -> Rows:
    return measured_rows([parse_log(text, "start.log")], gpu, model)


def logged(*lines: str, model: str = "Qwen/Qwen3-8B", version: str = "0.19.0") -> str:
    banner = (
        f"Initializing a V1 LLM engine (v{version}) with config: model='{model}', max_seq_len=8192"
    )
    return "\n".join((banner, *lines))


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda each: each.mark.strip())
def test_each_wording_reads_its_example(wording: Wording) -> None:
    (start,) = parse_log(logged(f"INFO {wording.example}"), "start.log").starts
    found = {name for figures in start.figures.values() for name in figures} | set(start.engine)
    assert found
    assert found <= set(wording.figures.groupindex)


@pytest.mark.parametrize("path", sorted(LOGS.glob("*.log")), ids=lambda path: path.stem)
def test_logs_of_each_era(path: Path) -> None:
    (log,) = read_logs([str(path)])
    named = any("device" in start.settings for start in log.starts)
    found = measured_rows([Log(path.name, log.starts)], None if named else GPU, None)
    written = LISTING.render(Listing(found.rows, COLUMNS), "csv")
    expected = path.with_suffix(".csv")
    if os.environ.get("SIZER_UPDATE_GOLDEN"):
        expected.write_text(written, "utf-8")
    assert written == expected.read_text("utf-8")
    table = parse_csv(written, path.name)
    read_measured(table)
    assert all(row.point is not None for row in read_points(table))


def test_every_log_has_its_rows() -> None:
    assert {path.stem for path in LOGS.glob("*.log")} == {path.stem for path in LOGS.glob("*.csv")}


def test_the_binding_stage_counts() -> None:
    (row,) = csv.DictReader((LOGS / "0.19-pp4-debug.csv").read_text("utf-8").splitlines())
    assert float(row["measured_kv_pool_gib"]) == pytest.approx(75.23 - 6.34)
    assert row["measured_weights_gib"] == "4.26"
    assert row["measured_activations_gib"] == "2.01"


def test_arguments_of_a_second_start_are_its_own() -> None:
    again = "non-default args: {'model': 'Qwen/Qwen3-8B', 'max_num_seqs': 16}"
    loaded = "Model loading took 15.27 GiB memory"
    first, second = rows_of(f"{logged(loaded)}\n{again}\n{logged(loaded)}").rows
    assert (first["max_num_seqs"], second["max_num_seqs"]) == ("", "16")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Available KV cache memory: -0.41 GiB",), "the engine did not start"),
        (
            ("reserved 4.0 GiB memory for KV Cache as specified by kv_cache_memory_bytes",),
            "by hand",
        ),
        (
            (
                "GPU KV cache size: 62,720 tokens",
                "Maximum concurrency for 131,072 tokens per request: 1.91x",
            ),
            "one group of layers",
        ),
    ],
)
def test_what_is_no_measurement_is_left_out(lines: tuple[str, ...], said: str) -> None:
    found = rows_of(logged("Model loading took 15.27 GiB memory", *lines))
    (row,) = found.rows
    assert not row["measured_kv_capacity_tokens"]
    assert row["measured_weights_gib"] == "15.27"
    assert any(said in note.message for note in found.notes)


def test_what_the_log_leaves_to_the_version_is_blank() -> None:
    (row,) = rows_of(logged("Model loading took 15.27 GiB memory", version="0.24.0")).rows
    assert (row["gpu_memory_utilization"], row["engine_version"]) == ("", "0.24.0")


def test_graphs_within_the_budget_are_overhead() -> None:
    graphs = "Estimated CUDA graph memory: 0.63 GiB total"
    used = (
        "Actual usage is 14.25 GiB for weight, 1.2 GiB for peak activation, 0.25 GiB for non-torch "
    )
    used += "memory, and 0.65 GiB for CUDAGraph memory."
    within = "The current --gpu-memory-utilization=0.92 is equivalent to "
    within += "--gpu-memory-utilization=0.8914 without"
    (outside,), (inside,) = (rows_of(logged(graphs, used, *more)).rows for more in ((), (within,)))
    assert (outside["measured_overhead_gib"], inside["measured_overhead_gib"]) == ("0.25", "0.88")


def test_a_log_without_the_engines_line_is_told_to_be_one() -> None:
    asked = "Maximum concurrency for 8,192 tokens per request: 1.91x"
    found = rows_of(f"Model loading took 15.27 GiB memory\n{asked}", model="Qwen/Qwen3-8B")
    (row,) = found.rows
    assert (row["max_context"], row["tp"], row["weights"]) == ("8192", "", "")
    (note,) = found.notes
    assert "lacks the line" in note.message


def test_attention_groups_hold_as_much_each() -> None:
    told = "non-default args: {'data_parallel_size': 4, 'tensor_parallel_size': 2, "
    told += "'enable_expert_parallel': True}"
    cache = "(EngineCore_DP0 pid=1) GPU KV cache size: 1,000 tokens"
    (row,) = rows_of(f"{told}\n{logged(cache, cache.replace('1,000', '1,200'))}").rows
    assert row["measured_kv_capacity_tokens"] == "4000"
    assert (row["tp"], row["dp"], row["ep"]) == ("2", "4", "8")


def test_every_stage_says_what_it_left() -> None:
    kept = "(Worker_PP{} pid={}) Current kv cache memory in use is {}."
    lines = (kept.format(0, 1, "8.5 GiB"), kept.format(1, 2, "8053063680 bytes"))
    assert rows_of(logged(*lines)).rows[0]["measured_kv_pool_gib"] == "7.5"


def test_limits_as_vllm_settles_them() -> None:
    said = "Setting max_num_seqs to 256 for OPENAI_API_SERVER usage context."
    (row,) = rows_of(logged(said, "Model loading took 15.27 GiB memory")).rows
    assert row["max_num_seqs"] == "256"


@pytest.mark.parametrize(
    ("model", "quantization", "weights"),
    [
        ("Qwen/Qwen3-8B", "None", "bf16"),
        ("Qwen/Qwen3-8B", "fp8", "fp8"),
        ("Qwen/Qwen3-8B", "compressed-tensors", ""),
        ("openai/gpt-oss-20b", "mxfp4", ""),
        ("deepseek-ai/DeepSeek-V3", "fp8", ""),
    ],
)
def test_weight_formats(model: str, quantization: str, weights: str) -> None:
    text = logged("Model loading took 15.27 GiB memory", model=model)
    told = text.replace(
        "max_seq_len", f"dtype=torch.bfloat16, quantization={quantization}, max_seq_len"
    )
    assert rows_of(told).rows[0]["weights"] == weights


@pytest.mark.parametrize(
    "said",
    [
        "(Worker pid=1) WARNING Config not found at E=8,device_name=NVIDIA_H100_80GB_HBM3.json",
        "(Worker pid=1) WARNING configs/E=8,device_name=NVIDIA_H100_80GB_HBM3,dtype=fp8_w8a8.json",
        "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-0)",
        "|   0  NVIDIA H100 80GB HBM3          On  |   00000000:18:00.0 Off |",
    ],
)
def test_the_accelerator_that_a_log_names(said: str) -> None:
    text = logged(said, "Model loading took 15.27 GiB memory")
    assert rows_of(text, gpu=None).rows[0]["gpu"] == "H100-SXM5-80GB"
    assert rows_of(text, gpu="L4").rows[0]["gpu"] == "L4"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("max_seq_len=32k", "'32k'"),
        ("max_seq_len=0", "'0'"),
        ("max_seq_len=9999999999999", "'9999999999999'"),
        ("data_parallel_size=two", "'two'"),
        ("data_parallel_size=-1", "'-1'"),
        ("tensor_parallel_size=2.5", "'2.5'"),
        ("tensor_parallel_size=\N{SUPERSCRIPT TWO}", r"'\xb2'"),
    ],
)
def test_a_setting_that_is_no_number_is_a_fault_at_its_place(told: str, wrong: str) -> None:
    text = logged("Model loading took 15.27 GiB memory").replace("max_seq_len=", "seen=")
    with pytest.raises(Problem) as caught:
        parse_log(text.replace("with config: ", f"with config: {told}, "), "start.log")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("SZ104", f"{wrong} is not a whole number of at least 1")
    assert found.place
    assert found.place.line == 1


@pytest.mark.parametrize("share", ["much", "nan", "1.5", "0", "-0.9"])
def test_a_share_of_the_memory_is_between_nothing_and_all(share: str) -> None:
    told = f"non-default args: {{'gpu_memory_utilization': {share}}}"
    with pytest.raises(Problem, match="is not a number from 0 to 1"):
        parse_log(f"{told}\n{logged('Model loading took 15.27 GiB memory')}", "start.log")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (
            "Maximum concurrency for 9,007,199,255,000,000,000 tokens per request: 1.91x",
            "'9,007,199,255,000,000,000' is not a number of at most 9 digits",
        ),
        (
            "Maximum concurrency for 8192.5 tokens per request: 1.91x",
            "'8192.5' is not a whole number",
        ),
        (
            f"Model loading took {'9' * 16} GiB memory",
            f"{'9' * 16!r} is not a number of at most 15 digits",
        ),
    ],
)
def test_a_figure_that_cannot_be_is_a_fault_at_its_place(said: str, wrong: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_log(logged(said), "start.log")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("SZ104", wrong)
    assert found.place is not None
    assert found.place.column is not None


def test_a_length_that_vllm_chooses_is_the_one_that_it_chose() -> None:
    told = "non-default args: {'max_model_len': -1}"
    (row,) = rows_of(f"{told}\n{logged('Model loading took 15.27 GiB memory')}").rows
    (plain,) = rows_of(logged("Model loading took 15.27 GiB memory")).rows
    assert row["max_context"] == plain["max_context"] != ""


def test_all_faults_of_a_log_with_their_lines() -> None:
    text = logged("INFO Available KV cache memory: ", "INFO GPU KV cache size: many tokens")
    with pytest.raises(Problem) as caught:
        parse_log(text, "start.log")
    first, second = map(shown, caught.value.diagnostics)
    assert first.splitlines() == [
        "start.log:2:6: error[SZ104]: no figure behind 'Available KV cache memory:'",
        "    2 | INFO Available KV cache memory: ",
        "      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "      = help: vLLM writes `Available KV cache memory: 54.93 GiB`",
    ]
    assert second.startswith("start.log:3:6: error[SZ104]: no figure behind 'GPU KV cache size:'")


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("", "the log is empty"),
        ("hello\n", "give what `vllm serve` prints"),
        (logged(), "before it has loaded the weights"),
        ("[2026] Load weight end. type=Qwen2ForCausalLM, mem usage=6.21 GB.", "another engine"),
    ],
)
def test_a_log_without_figures(text: str, help_: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_log(text, "start.log")
    (fault,) = caught.value.diagnostics
    assert fault.code == "SZ007"
    assert help_ in (fault.help or "")


@pytest.mark.parametrize(
    ("text", "gpu", "code", "help_"),
    [
        (logged("Model loading took 15.27 GiB memory"), None, "SZ102", "--gpu"),
        (logged("Free memory on device (78.6/79.19 GiB)"), None, "SZ102", "H100-SXM5-80GB"),
        (logged("Model loading took 15.27 GiB memory"), "H1000", "SZ701", "sizer gpus"),
        ("Model loading took 15.27 GiB memory", "H100", "SZ102", "--model"),
    ],
)
def test_a_row_needs_a_model_and_an_accelerator(
    text: str, gpu: str | None, code: str, help_: str
) -> None:
    with pytest.raises(Problem) as caught:
        rows_of(text, gpu)
    (fault,) = caught.value.diagnostics
    assert fault.code == code
    assert help_ in (fault.help or "")


def test_a_redirect_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "start.log"
    path.write_bytes(logged("Model loading took 15.27 GiB memory").encode("utf-16"))
    assert read_logs([str(path)])[0].starts[0].settings["model"].text == "Qwen/Qwen3-8B"
