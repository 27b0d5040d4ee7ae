"""The reference system's command line, over our pipeline."""

from __future__ import annotations

import io
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from reference_inputs import H100, L4, LARGE, MIXTRAL, QWEN, SMALL, Written

from sizer.catalog.prices import ANY, prices_on
from sizer.cli import main
from sizer.estimate.purchase import usd_per_hour
from sizer.schema.facts.purchase import Need

Capture = pytest.CaptureFixture[str]
PERFORMANCE = {
    "tokens_per_second",
    "intertoken_latency_ms",
    "memory_required_gb",
    "memory_weights_gb",
    "memory_kv_cache_gb",
    "fits_in_memory",
    "compute_bound",
    "tensor_parallel_size",
    "ttft_ms",
    "e2e_latency_s",
    "bottleneck",
    "memory_activations_gb",
    "memory_overhead_gb",
}
OF_A_GPU = {
    "gpu_name",
    "fits",
    "memory_available_gb",
    "meets_latency_requirement",
    "cost_per_hour",
}


@pytest.fixture
def files(written: Written) -> list[str]:
    models = [{"name": MIXTRAL.name}, {"name": QWEN.name, "max_sequence_length": None}]
    gpus = [H100.to_dict(), L4.to_dict()]
    return ["--models", written("m.json", models), "--gpus", written("g.json", gpus)]


def answer(capsys: Capture, *arguments: str, code: int = 0) -> tuple[Any, str]:
    """Return what `sizer recommend` writes: its JSON, and its lines on standard error."""
    assert main(["recommend", *arguments]) == code
    captured = capsys.readouterr()
    return json.loads(captured.out), captured.err


def test_the_answer_has_the_reference_shape(files: list[str], capsys: Capture) -> None:
    data, _ = answer(capsys, *files, "--precision", "fp8", "--latency-bound", "100")
    assert list(data) == ["parameters", "recommendations", "assumptions"]
    assert data["parameters"] == {
        "precision": "fp8",
        "batch_size": 1,
        "latency_bound_ms": 100.0,
        "input_length": 1024,
        "output_length": 256,
        "sequence_length": 1280,
    }
    for each in data["recommendations"]:
        assert list(each) == [
            "model_name",
            "recommended_gpu",
            "performance",
            "reasoning",
            "all_compatible_gpus",
            "incompatible_gpus",
            "notes",
        ]
        assert set(each["performance"]) == PERFORMANCE
        for gpu in each["all_compatible_gpus"]:
            assert set(gpu) == PERFORMANCE | OF_A_GPU
        for gpu in each["incompatible_gpus"]:
            assert set(gpu) == PERFORMANCE | OF_A_GPU | {"reason"}


def test_the_first_that_is_compatible_is_the_recommended_one(
    files: list[str], capsys: Capture
) -> None:
    data, _ = answer(capsys, *files)
    for each in data["recommendations"]:
        first = each["all_compatible_gpus"][0]
        assert first["gpu_name"] == each["recommended_gpu"]
        assert {name: first[name] for name in PERFORMANCE} == each["performance"]


def test_each_model_gets_one_line_on_standard_error(files: list[str], capsys: Capture) -> None:
    _, said = answer(capsys, *files)
    one, other = said.splitlines()
    assert one.startswith(f"{MIXTRAL.name}: 2x NVIDIA H100 80GB: ")
    assert other.startswith(f"{QWEN.name}: 1x NVIDIA H100 80GB: ")


def test_that_nothing_qualifies_is_said_by_the_code_and_in_words(
    files: list[str], capsys: Capture
) -> None:
    data, said = answer(capsys, *files, "--latency-bound", "0.001", code=1)
    for each in data["recommendations"]:
        assert each["recommended_gpu"] is None
        assert each["performance"] is None
        assert "meets the latency requirement of 0.00 ms" in each["reasoning"]
        assert all(gpu["reason"] for gpu in each["incompatible_gpus"])
    assert said.count("no compatible GPU meets") == 2


def test_what_does_not_fit_has_rate_0_and_no_finite_time(written: Written, capsys: Capture) -> None:
    tiny = {**L4.to_dict(), "name": "tiny", "memory_gb": 12.0}
    files = ["--models", written("m.json", [LARGE.to_dict()])]
    data, _ = answer(capsys, *files, "--gpus", written("g.json", [tiny]), code=1)
    [refused] = data["recommendations"][0]["incompatible_gpus"]
    assert (refused["fits"], refused["tokens_per_second"]) == (False, 0.0)
    assert refused["intertoken_latency_ms"] is refused["ttft_ms"] is None


def test_lengths_and_batch_are_flags(files: list[str], capsys: Capture) -> None:
    flags = ("--input-length", "2048", "--output-length", "512", "--batch-size", "4")
    data, _ = answer(capsys, *files, *flags)
    assert data["parameters"]["sequence_length"] == 2560
    whole, _ = answer(capsys, *files, "--sequence-length", "4096")
    assert whole["parameters"]["input_length"] == 3072
    assert whole["parameters"]["output_length"] == 1024
    short, _ = answer(capsys, *files)
    caches = [
        each["recommendations"][1]["performance"]["memory_kv_cache_gb"]
        for each in (short, whole, data)
    ]
    assert caches == sorted(caches)


def test_numbers_beside_a_known_name_replace_its_own_and_the_answer_says_so(
    written: Written, capsys: Capture
) -> None:
    asked = {"name": "gpt2", "max_sequence_length": 4096}
    files = ["--models", written("m.json", [asked]), "--gpus", written("g.json", [H100.to_dict()])]
    data, _ = answer(capsys, *files)
    said = "gpt2: max_sequence_length = 4,096 in place of 1,024"
    assert any(said in each for each in data["assumptions"])
    assert data["recommendations"][0]["notes"] == []  # so its load need not be shortened


def test_accelerators_of_the_library_and_of_a_file_beside_them(
    written: Written, capsys: Capture
) -> None:
    models = ["--models", written("m.json", [SMALL.to_dict()])]
    data, _ = answer(capsys, *models, "--gpu-library", "H100", "L4")
    found = {each["gpu_name"] for each in data["recommendations"][0]["all_compatible_gpus"]}
    assert found == {"H100-SXM5-80GB", "L4"}
    own = written("own.json", [{**H100.to_dict(), "name": "ours"}])
    data, _ = answer(capsys, *models, "--gpu-library", "L4", "--extend-gpus", own)
    found = {each["gpu_name"] for each in data["recommendations"][0]["all_compatible_gpus"]}
    assert found == {"ours", "L4"}


def test_the_library_is_listed(capsys: Capture) -> None:
    assert main(["recommend", "--list-gpus"]) == 0
    assert {"H100-SXM5-80GB", "L4"} <= set(capsys.readouterr().out.splitlines())


def test_standard_input_is_a_file(
    written: Written, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(json.dumps([SMALL.to_dict()]).encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    data, _ = answer(capsys, "--models", "-", "--gpus", written("g.json", [H100.to_dict()]))
    assert data["recommendations"][0]["recommended_gpu"] == H100.name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no --models"),
        (["--models", "m.json"], "no --gpus"),
        (["--models", "-", "--gpus", "-"], "standard input can be one file only"),
        (["--models", "m.json", "--gpus", "g.json", "--gpu-library", "L4"], "does not go with"),
        (["--models", "m.json", "--gpus", "g.json", "--extend-gpus", "e.json"], "goes with"),
    ],
)
def test_flags_that_do_not_go_together_are_a_bad_question(
    arguments: list[str], said: str, capsys: Capture
) -> None:
    assert main(["recommend", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_an_unknown_accelerator_or_format_is_told_by_its_flag(
    written: Written, capsys: Capture
) -> None:
    models = ["--models", written("m.json", [SMALL.to_dict()])]
    assert main(["recommend", *models, "--gpu-library", "H10", "--precision", "pf8"]) == 2
    said = capsys.readouterr().err
    assert "--gpu-library: error[SZ701]: unknown accelerator 'H10'" in said
    assert "precision: error[SZ703]: unknown weight format 'pf8'" in said


def test_the_answer_goes_into_a_file(files: list[str], tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "recommendations.json"
    assert main(["recommend", *files, "--output", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert len(json.loads(path.read_text("utf-8"))["recommendations"]) == 2


def test_import_writes_a_profile_that_asks_the_same(
    files: list[str], tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "profile.toml"
    flags = ["--latency-bound", "30", "--precision", "bf16", "--batch-size", "4"]
    assert main(["import", *files, *flags, "--output", str(path)]) == 0
    data = tomllib.loads(path.read_text("utf-8"))
    assert data["fleet"]["custom"] == [H100.to_dict(), L4.to_dict()]
    assert main(["run", str(path), "--compat", "reference"]) == 0
    imported = json.loads(capsys.readouterr().out)["recommendations"]
    recommended, _ = answer(capsys, *files, *flags)
    for ours, theirs in zip(imported, recommended["recommendations"], strict=True):
        assert ours["recommended_gpu"] == theirs["recommended_gpu"]
        assert ours["performance"] == theirs["performance"]


def test_import_takes_lengths_and_the_library_too(written: Written, capsys: Capture) -> None:
    models = ["--models", written("m.json", [QWEN.name])]
    flags = ["--gpu-library", "H100", "L4", "--sequence-length", "4096"]
    assert main(["import", *models, *flags]) == 0
    data = tomllib.loads(capsys.readouterr().out)
    assert data["fleet"]["gpus"] == ["H100", "L4"]
    load = {"task": "generate", "input_tokens": [3072], "output_tokens": [1024]}
    assert data["workload"] == load


def test_a_profile_with_replicas_counts_all_its_accelerators(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        'dsl = 1\n[[models]]\nname = "Qwen/Qwen2.5-7B"\n[fleet]\ngpus = ["H100"]\n'
        "max_gpus = 3\nmax_gpus_per_replica = 1\n[workload]\nconcurrency = 64\n"
        '[select]\nsort = "tokens_per_second"\n'
    )
    assert main(["run", str(path), "--compat", "reference"]) == 0
    [found] = json.loads(capsys.readouterr().out)["recommendations"]
    assert found["reasoning"].startswith("Selected 3x H100-SXM5-80GB: ")
    assert found["performance"]["tensor_parallel_size"] == 1
    assert "has the highest tokens_per_second" in found["reasoning"]
    [one] = found["all_compatible_gpus"]
    known = usd_per_hour(prices_on("H100-SXM5-80GB", ANY), Need(1, replicas=3))
    assert known is not None
    assert one["cost_per_hour"] == pytest.approx(known / 3)
