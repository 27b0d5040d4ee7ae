"""The reference system's classes over our pipeline."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from attrs import evolve
from reference_inputs import A100, H100, L4, LARGE, MIXTRAL, QWEN, SMALL

from sizer import (
    GPURecommender,
    GPUSpec,
    ModelArchitecture,
    Performance,
    PerformanceEstimate,
    Problem,
    Recommendation,
    RecommendationResult,
    SyntheticBenchmarkEstimator,
    get_gpu_from_library,
    get_gpu_specs,
    list_available_gpus,
)


def test_the_quick_start_works() -> None:
    result = GPURecommender().recommend_gpu(MIXTRAL, [A100, H100])
    assert result.recommended_gpu == "NVIDIA H100 80GB"
    assert result.performance is not None
    assert f"{result.performance.tokens_per_second:.2f}" > "0"
    latency = result.performance.latency_ms_per_token
    assert latency == result.performance.intertoken_latency_ms
    assert result.reasoning.startswith("Selected 2x NVIDIA H100 80GB: ")


def test_names_of_either_system_are_one() -> None:
    assert RecommendationResult is Recommendation
    assert PerformanceEstimate is Performance


def test_the_reasoning_names_latency_memory_bottleneck_and_the_runner_up() -> None:
    found = GPURecommender().recommend_gpu(SMALL, [A100, H100])
    for part in ("ms between tokens", "GB of", "bandwidth bounds its steps", "next comes"):
        assert part in found.reasoning
    assert "NVIDIA A100 80GB" in found.reasoning


def test_only_what_does_not_fit_on_one_is_split() -> None:
    small = GPURecommender().recommend_gpu(SMALL, [H100])
    large = GPURecommender().recommend_gpu(LARGE, [H100])
    assert small.performance is not None
    assert large.performance is not None
    assert small.performance.tensor_parallel_size == 1
    assert large.performance.tensor_parallel_size == 2


def test_what_fits_on_one_but_misses_the_bound_is_split() -> None:
    alone = GPURecommender().recommend_gpu(SMALL, [A100])
    assert alone.performance is not None
    assert alone.performance.intertoken_latency_ms is not None
    bound = alone.performance.intertoken_latency_ms * 0.9
    split = GPURecommender(latency_bound_ms=bound).recommend_gpu(SMALL, [A100])
    assert split.performance is not None
    assert split.performance.tensor_parallel_size > 1
    first = split.all_compatible_gpus[0]
    assert first["meets_latency_requirement"] is True
    assert first["intertoken_latency_ms"] <= bound


def test_the_fastest_is_recommended_and_of_equals_the_cheapest() -> None:
    dear, cheap = evolve(H100, name="dear", cost_per_hour=9.0), evolve(H100, name="a")
    dear, cheap = (evolve(each, like="H100-SXM5-80GB") for each in (dear, cheap))
    cheap = evolve(cheap, name="zz", cost_per_hour=1.0)
    found = GPURecommender().recommend_gpu(SMALL, [dear, cheap, A100])
    assert found.recommended_gpu == "zz"
    rates = [each["tokens_per_second"] for each in found.all_compatible_gpus]
    assert rates == sorted(rates, reverse=True)


def test_every_split_that_qualifies_is_listed_at_the_price_of_one() -> None:
    found = GPURecommender().recommend_gpu(LARGE, [H100, L4])
    listed = found.all_compatible_gpus
    splits = [(each["gpu_name"], each["tensor_parallel_size"]) for each in listed]
    assert splits[0] == (H100.name, 2)
    assert set(splits) == {(H100.name, 2), (H100.name, 4), (H100.name, 8), (L4.name, 8)}
    costs = {each["gpu_name"]: each["cost_per_hour"] for each in listed}
    assert costs == {H100.name: 4.76, L4.name: 0.81}
    for each in listed:
        assert each["fits"] is True
        assert each["memory_available_gb"] > each["memory_required_gb"]


def test_an_accelerator_that_qualifies_alone_is_listed_alone_and_the_fastest_first() -> None:
    found = GPURecommender().recommend_gpu(SMALL, [L4, A100, H100])
    listed = found.all_compatible_gpus
    assert [each["gpu_name"] for each in listed] == [H100.name, A100.name, L4.name]
    assert {each["tensor_parallel_size"] for each in listed} == {1}


def test_what_holds_no_model_is_listed_with_required_and_available_memory() -> None:
    found = GPURecommender().recommend_gpu(LARGE, [evolve(L4, memory_gb=12.0, name="tiny"), H100])
    [refused] = found.incompatible_gpus
    assert (refused["gpu_name"], refused["fits"]) == ("tiny", False)
    assert refused["memory_required_gb"] > refused["memory_available_gb"]
    assert f"{refused['memory_required_gb']:.1f} GB of" in refused["reason"]
    alone = GPURecommender().recommend_gpu(LARGE, [evolve(L4, memory_gb=12.0, name="tiny")])
    assert alone.recommended_gpu is None
    assert alone.performance is None
    assert f"{refused['memory_required_gb']:.1f} GB of" in alone.reasoning


def test_a_bound_that_nothing_meets_names_the_best_latency_in_reach() -> None:
    found = GPURecommender(latency_bound_ms=0.001).recommend_gpu(MIXTRAL, [A100, H100])
    assert found.recommended_gpu is None
    assert found.performance is None
    assert not found.all_compatible_gpus
    best = min(each["intertoken_latency_ms"] for each in found.incompatible_gpus)
    assert f"{best:,.2f} ms" in found.reasoning
    assert {each["meets_latency_requirement"] for each in found.incompatible_gpus} == {False}


def test_a_format_without_a_kernel_is_the_reason() -> None:
    v100 = GPUSpec("V100", 32.0, 900.0, 125.0)
    estimator = SyntheticBenchmarkEstimator(precision="fp8")
    [refused] = GPURecommender(estimator).recommend_gpu(SMALL, [v100]).incompatible_gpus
    assert refused["fits"] is None
    assert "no kernel" in refused["reason"]


def test_several_models_are_answered_in_their_order() -> None:
    results = GPURecommender().recommend_for_models([MIXTRAL, QWEN], [H100])
    assert [each.model_name for each in results] == [MIXTRAL.name, QWEN.name]


def test_one_models_short_context_shortens_its_own_load_and_says_so() -> None:
    gpt2 = ModelArchitecture("gpt2")
    short, long = GPURecommender().recommend_for_models([gpt2, QWEN], [H100])
    assert short.recommended_gpu == long.recommended_gpu == H100.name
    assert short.notes == (
        "its context ends at 1,024 tokens, so the load is 819 tokens of prompt and 205 of answer",
    )
    assert "819 tokens of prompt" in short.reasoning
    assert long.notes == ()


@pytest.mark.parametrize("bound", [np.float64(50.0), np.float32(50.0), 50, math.inf, None])
def test_bounds_of_any_number_type_are_taken(bound: float | None) -> None:
    found = GPURecommender(latency_bound_ms=bound).recommend_gpu(SMALL, [H100])
    assert found.recommended_gpu == H100.name


@pytest.mark.parametrize("bound", [0, -1.0, math.nan])
def test_a_bound_that_is_no_time_is_refused(bound: float) -> None:
    with pytest.raises(ValueError, match="latency_bound_ms must be above 0"):
        GPURecommender(latency_bound_ms=bound)


def test_an_estimator_may_stand_first_and_lengths_be_named() -> None:
    estimator = SyntheticBenchmarkEstimator(batch_size=4, input_length=512, output_length=64)
    recommender = GPURecommender(estimator, latency_bound_ms=100)
    assert recommender.estimator is estimator
    own = recommender.recommend_gpu(SMALL, available_gpus=[H100])
    longer = recommender.recommend_gpu(SMALL, [H100], input_length=4096, output_length=512)
    whole = recommender.recommend_gpu(SMALL, [H100], sequence_length=8192)
    sizes = [each.performance and each.performance.memory_kv_cache_gb for each in (own, longer)]
    assert sizes[0] < sizes[1] * 0.2
    assert whole.performance is not None
    assert whole.performance.memory_kv_cache_gb > sizes[1]


def test_a_larger_batch_gives_more_tokens_a_second_and_takes_more_memory() -> None:
    one, many = (
        SyntheticBenchmarkEstimator(batch_size=size).estimate_performance(SMALL, H100)
        for size in (1, 16)
    )
    assert many.tokens_per_second > one.tokens_per_second
    assert many.memory_kv_cache_gb == pytest.approx(16 * one.memory_kv_cache_gb, rel=0.01)


def test_precision_bytes_are_taken_with_a_warning_that_names_the_format() -> None:
    with pytest.warns(FutureWarning, match="precision = 'fp32'"):
        wide = SyntheticBenchmarkEstimator(precision_bytes=4)
    with pytest.warns(FutureWarning, match="precision = 'fp16'"):
        half = SyntheticBenchmarkEstimator(precision_bytes=2)
    assert half.estimate_performance(SMALL, H100) == (
        SyntheticBenchmarkEstimator("fp16").estimate_performance(SMALL, H100)
    )
    weights = [each.estimate_performance(SMALL, H100).memory_weights_gb for each in (wide, half)]
    assert weights[0] == pytest.approx(2 * weights[1], rel=0.01)


def test_bytes_of_no_format_are_refused() -> None:
    with pytest.raises(Problem, match="of no weight format"):
        SyntheticBenchmarkEstimator(precision_bytes=3)


def test_an_overhead_factor_changes_nothing_and_says_so() -> None:
    with pytest.warns(FutureWarning, match="every part of the memory is estimated"):
        estimator = SyntheticBenchmarkEstimator(memory_overhead_factor=1.5)
    plain = SyntheticBenchmarkEstimator()
    assert estimator.estimate_performance(SMALL, H100) == plain.estimate_performance(SMALL, H100)


def test_one_estimate_can_be_asked_alone() -> None:
    estimator = SyntheticBenchmarkEstimator(precision="bf16", batch_size=4)
    pair = estimator.estimate_performance(MIXTRAL, A100, 2048, tensor_parallel_size=2)
    assert (pair.fits_in_memory, pair.tensor_parallel_size) == (True, 2)
    assert pair.e2e_latency_s > pair.ttft_ms / 1000.0 > 0
    assert pair.bottleneck in {"compute", "bandwidth", "interconnect", "overhead"}


def test_what_does_not_fit_has_no_rate_and_takes_forever() -> None:
    found = SyntheticBenchmarkEstimator().estimate_performance(LARGE, L4)
    assert found.fits_in_memory is False
    assert found.tokens_per_second == 0.0
    assert found.intertoken_latency_ms == found.latency_ms_per_token == math.inf
    assert found.memory_required_gb > L4.memory_gb


def test_an_estimate_beyond_the_context_is_of_a_shorter_load_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="its context ends at 1,024 tokens"):
        found = SyntheticBenchmarkEstimator().estimate_performance(ModelArchitecture("gpt2"), H100)
    assert found.fits_in_memory is True


def test_a_split_that_heads_refuse_is_an_error() -> None:
    estimator = SyntheticBenchmarkEstimator()
    with pytest.raises(Problem, match="cannot be split over 3 accelerators"):
        estimator.estimate_performance(QWEN, A100, tensor_parallel_size=3)


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        ({"input_length": 4096, "sequence_length": 4096}, "4,096 \\+ 0 tokens in a sequence"),
        ({"input_length": 100, "output_length": 100, "sequence_length": 150}, "sequence of 150"),
        ({"output_length": 0}, "1,024 \\+ 0 tokens"),
    ],
)
def test_lengths_that_cannot_be_are_refused(lengths: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        GPURecommender().recommend_gpu(SMALL, [H100], **lengths)


def test_lists_may_be_empty_of_models_but_not_of_accelerators() -> None:
    assert GPURecommender().recommend_for_models([], [H100]) == []
    with pytest.raises(ValueError, match=r"available_gpus: error.*no accelerators"):
        GPURecommender().recommend_gpu(SMALL, [])


def test_faults_of_values_are_told_before_anything_runs() -> None:
    bad = GPUSpec("ours", -1.0, 300.0, 65.0)
    with pytest.raises(
        ValueError, match=r"gpus\[1\]: error\[SZ104\]: memory_gb must be at least 0.001"
    ):
        GPURecommender().recommend_gpu(QWEN, [A100, bad])


def test_numbers_of_numpy_are_numbers() -> None:
    gpu = evolve(H100, memory_gb=np.float64(80.0), cost_per_hour=np.float32(4.0))
    model = evolve(SMALL, num_layers=np.int64(32), num_parameters=np.float64(7.0))
    assert GPURecommender().recommend_gpu(model, [gpu]).recommended_gpu == H100.name


def test_a_whole_description_has_a_key_head_for_each_query_head_unless_it_says_so() -> None:
    assert (LARGE.num_kv_heads, SMALL.num_kv_heads) == (64, 8)
    assert ModelArchitecture("gpt2", num_attention_heads=12).num_kv_heads is None


def test_everything_is_data_as_json_has_it() -> None:
    model = evolve(SMALL, hf_token="hf_open_sesame")  # noqa: S106  # no hub knows it
    assert "sesame" not in repr(model)
    assert ModelArchitecture(**model.to_dict()) == SMALL
    assert GPUSpec(**H100.to_dict()) == H100
    result = GPURecommender().recommend_gpu(SMALL, [H100, L4])
    data = json.loads(json.dumps(result.to_dict()))
    assert data["performance"]["tensor_parallel_size"] == 1
    first = data["all_compatible_gpus"][0]
    assert first["gpu_name"] == H100.name
    assert {name: first[name] for name in data["performance"]} == data["performance"]


def test_the_library_is_the_catalog() -> None:
    names = list_available_gpus()
    assert {"H100-SXM5-80GB", "L4", "T4"} <= set(names)
    gpu = get_gpu_from_library("H100")
    assert gpu is not None
    assert (gpu.name, gpu.memory_gb) == ("H100-SXM5-80GB", 80.0)
    assert GPURecommender().recommend_gpu(SMALL, [gpu]).recommended_gpu == gpu.name
    assert get_gpu_from_library("H10") is None


def test_several_are_taken_from_the_library_and_all_unknown_names_told() -> None:
    assert [each.name for each in get_gpu_specs(["H100", "L4"])] == ["H100-SXM5-80GB", "L4"]
    assert len(get_gpu_specs()) > 50
    with pytest.raises(Problem, match="'H10'") as caught:
        get_gpu_specs(["H10", "L4", "nothing"])
    assert len(caught.value.diagnostics) == 2


@pytest.mark.parametrize("name", list_available_gpus())
def test_every_accelerator_of_the_library_is_a_specification(name: str) -> None:
    try:
        gpu = get_gpu_from_library(name)
    except Problem as unknown:
        assert f"{name}: its memory bandwidth is not known" in str(unknown)  # noqa: PT017
    else:
        assert gpu is not None
        assert min(gpu.memory_gb, gpu.memory_bandwidth_gb_s) > 0


def test_importing_the_package_imports_nothing_heavy() -> None:
    said = "import sys, sizer; print({'numpy', 'attrs', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
