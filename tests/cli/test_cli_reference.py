from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
MODELS = [{"name": "Qwen/Qwen2.5-7B"}]
GPUS = [
    {
        "name": "NVIDIA A100 80GB",
        "memory_gb": 80.0,
        "memory_bandwidth_gb_s": 2039.0,
        "tflops_fp16": 312.0,
        "tflops_fp32": 156.0,
        "cost_per_hour": 3.67,
    }
]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    models, gpus = tmp_path / "models.json", tmp_path / "gpus.json"
    models.write_text(json.dumps(MODELS))
    gpus.write_text(json.dumps(GPUS))
    return ["--models", str(models), "--gpus", str(gpus)]


def test_import_writes_a_profile_that_asks_the_same(
    files: list[str], tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "profile.toml"
    flags = ["--latency-bound", "30", "--precision", "bf16", "--batch-size", "4"]
    assert main(["import", *files, *flags, "--output", str(path)]) == 0
    data = tomllib.loads(path.read_text("utf-8"))
    assert data["fleet"]["custom"] == GPUS
    assert main(["run", str(path), "--compat", "reference"]) == 0
    imported = capsys.readouterr().out
    assert main(["recommend", *files, *flags]) == 0
    assert capsys.readouterr().out == imported


def test_recommend_answers_into_a_file(files: list[str], tmp_path: Path) -> None:
    path = tmp_path / "recommendations.json"
    assert main(["recommend", *files, "--output", str(path)]) == 0
    (found,) = json.loads(path.read_text("utf-8"))["recommendations"]
    assert found["model_name"] == "Qwen/Qwen2.5-7B"
    assert found["recommended_gpu"] == "NVIDIA A100 80GB"


def test_recommend_says_by_its_code_that_nothing_qualifies(
    files: list[str], capsys: Capture
) -> None:
    assert main(["recommend", *files, "--latency-bound", "0.001"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["recommendations"]
    assert found["recommended_gpu"] is None


def test_a_missing_file_is_a_bad_question(files: list[str], capsys: Capture) -> None:
    files[1] += ".gone"
    assert main(["recommend", *files]) == 2
    assert "models.json.gone: error[SZ001]: no such file" in capsys.readouterr().err
