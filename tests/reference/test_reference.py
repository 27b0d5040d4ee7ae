"""The reference system's quick start and command line, over our pipeline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sizer import (
    GPURecommender,
    GPUSpec,
    ModelArchitecture,
    Problem,
    SyntheticBenchmarkEstimator,
)

A100 = GPUSpec(
    name="NVIDIA A100 80GB",
    memory_gb=80.0,
    memory_bandwidth_gb_s=2039.0,
    tflops_fp16=312.0,
    tflops_fp32=156.0,
    cost_per_hour=3.67,
)
H100 = GPUSpec(
    name="NVIDIA H100 80GB",
    memory_gb=80.0,
    memory_bandwidth_gb_s=3350.0,
    tflops_fp16=989.0,
    tflops_fp32=494.5,
    cost_per_hour=4.76,
)
MIXTRAL = ModelArchitecture(name="mistralai/Mixtral-8x7B-v0.1")
QWEN = ModelArchitecture(name="Qwen/Qwen2.5-7B")


def test_the_quick_start_works() -> None:
    result = GPURecommender().recommend_gpu(MIXTRAL, [A100, H100])
    assert result.recommended_gpu == "NVIDIA H100 80GB"
    assert result.performance is not None
    assert f"{result.performance.tokens_per_second:.2f}" > "0"
    latency = result.performance.latency_ms_per_token
    assert latency == result.performance.intertoken_latency_ms
    assert "tokens_per_second" in result.reasoning
    names = [each["gpu_name"] for each in result.all_compatible_gpus]
    assert names == ["NVIDIA H100 80GB", "NVIDIA A100 80GB"]


def test_a_bound_that_nothing_meets_has_no_recommendation() -> None:
    result = GPURecommender(latency_bound_ms=0.001).recommend_gpu(MIXTRAL, [A100, H100])
    assert result.recommended_gpu is None
    assert result.performance is None
    assert "none of" in result.reasoning


def test_several_models_are_answered_in_their_order() -> None:
    results = GPURecommender().recommend_for_models([MIXTRAL, QWEN], [H100])
    assert [each.model_name for each in results] == [MIXTRAL.name, QWEN.name]


def test_one_estimate_can_be_asked_alone_even_if_it_does_not_fit() -> None:
    estimator = SyntheticBenchmarkEstimator(precision="bf16", batch_size=4)
    small = GPUSpec("ours", 16.0, 300.0, 65.0, 8.0)
    assert estimator.estimate_performance(MIXTRAL, small).fits_in_memory is False
    pair = estimator.estimate_performance(MIXTRAL, A100, 2048, tensor_parallel_size=2)
    assert (pair.fits_in_memory, pair.tensor_parallel_size) == (True, 2)


def test_a_split_that_heads_refuse_is_an_error() -> None:
    estimator = SyntheticBenchmarkEstimator()
    with pytest.raises(Problem, match="cannot be split over 3 accelerators"):
        estimator.estimate_performance(QWEN, A100, tensor_parallel_size=3)


def test_a_model_by_hand_needs_no_catalog() -> None:
    model = ModelArchitecture("ours/7b", 7.24, 32, 4096, 32, 8, 32000, 32768)
    result = GPURecommender().recommend_gpu(model, [H100])
    assert result.performance is not None
    assert result.performance.memory_weights_gb is not None


def test_faults_of_values_are_told_before_anything_runs() -> None:
    bad = GPUSpec("ours", -1.0, 300.0, 65.0)
    with pytest.raises(Problem, match="memory_gb"):
        GPURecommender().recommend_gpu(QWEN, [bad])


def sizer(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sizer", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    models, gpus = tmp_path / "models.json", tmp_path / "gpus.json"
    models.write_text(json.dumps([{"name": MIXTRAL.name}, {"name": QWEN.name}]))
    gpu = {"name": H100.name, "memory_gb": 80.0, "memory_bandwidth_gb_s": 3350.0}
    gpus.write_text(json.dumps([{**gpu, "tflops_fp16": 989.0, "cost_per_hour": None}]))
    return ["--models", str(models), "--gpus", str(gpus)]


def test_recommend_answers_in_the_reference_shape(files: list[str]) -> None:
    done = sizer("recommend", *files, "--precision", "fp8", "--latency-bound", "100")
    assert done.returncode == 0, done.stderr
    first, _ = json.loads(done.stdout)["recommendations"]
    assert set(first) == {
        "model_name",
        "recommended_gpu",
        "performance",
        "reasoning",
        "all_compatible_gpus",
    }
    assert set(first["performance"]) == {
        "tokens_per_second",
        "intertoken_latency_ms",
        "memory_required_gb",
        "memory_weights_gb",
        "memory_kv_cache_gb",
        "fits_in_memory",
        "compute_bound",
        "tensor_parallel_size",
    }


def test_an_imported_profile_gives_the_same_answer(files: list[str], tmp_path: Path) -> None:
    profile = tmp_path / "profile.toml"
    made = sizer("import", *files, "--output", str(profile))
    assert made.returncode == 0, made.stderr
    told = sizer("run", str(profile), "--format", "json", "--compat", "reference")
    assert told.stdout == sizer("recommend", *files).stdout


def test_broken_json_is_refused_at_its_place(files: list[str]) -> None:
    Path(files[1]).write_text('[{"name": }]')
    done = sizer("recommend", *files)
    assert done.returncode == 2
    assert "models.json:1:11: error[SZ003]: JSON:" in done.stderr


def test_importing_the_package_imports_nothing_heavy() -> None:
    said = "import sys, sizer; print({'numpy', 'attrs', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
