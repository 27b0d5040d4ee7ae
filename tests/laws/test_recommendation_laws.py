"""What always holds of a recommendation, whatever the accelerators, their order and the bound."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sizer import GPURecommender, GPUSpec, ModelArchitecture, Recommendation
from sizer import SyntheticBenchmarkEstimator as Estimator

MODELS = (
    ModelArchitecture("ours/7b", 7.0, 32, 4096, 32, 8),
    ModelArchitecture("ours/70b", 70.0, 80, 8192, 64),
    ModelArchitecture("gpt2"),
)
GPUS = st.builds(
    GPUSpec,
    name=st.sampled_from(["a", "b", "c", "d"]),
    memory_gb=st.sampled_from([12.0, 24.0, 80.0, 141.0]),
    memory_bandwidth_gb_s=st.sampled_from([300.0, 2000.0, 4800.0]),
    tflops_fp16=st.sampled_from([65.0, 312.0, 989.0]),
    cost_per_hour=st.none() | st.floats(0.1, 10.0),
)
FLEETS = st.lists(GPUS, min_size=1, max_size=4, unique_by=lambda gpu: gpu.name)
BOUNDS = st.none() | st.floats(1.0, 60.0)


def asked(model: ModelArchitecture, fleet: list[GPUSpec], bound_ms: float | None) -> Recommendation:
    return GPURecommender(Estimator(), bound_ms).recommend_gpu(model, fleet)


def smallest(found: Recommendation) -> dict[str, Any]:
    """Return each accelerator's entry of the fewest."""
    first: dict[str, Any] = {}
    for each in sorted(found.all_compatible_gpus, key=lambda e: e["tensor_parallel_size"]):
        first.setdefault(each["gpu_name"], each)
    return first


@given(st.sampled_from(MODELS), FLEETS, BOUNDS, st.randoms())
@settings(max_examples=30, deadline=None)
def test_the_order_of_accelerators_changes_nothing(
    model: ModelArchitecture, fleet: list[GPUSpec], bound_ms: float | None, chance: Any
) -> None:
    mixed = chance.sample(fleet, len(fleet))
    one, other = asked(model, fleet, bound_ms), asked(model, mixed, bound_ms)
    assert one.all_compatible_gpus == other.all_compatible_gpus
    assert one.recommended_gpu == other.recommended_gpu


@given(st.sampled_from(MODELS), FLEETS, BOUNDS)
@settings(max_examples=30, deadline=None)
def test_each_accelerator_is_compatible_or_has_a_reason(
    model: ModelArchitecture, fleet: list[GPUSpec], bound_ms: float | None
) -> None:
    found = asked(model, fleet, bound_ms)
    compatible = {each["gpu_name"] for each in found.all_compatible_gpus}
    refused = [each["gpu_name"] for each in found.incompatible_gpus]
    assert sorted([*compatible, *refused]) == sorted(gpu.name for gpu in fleet)
    assert all(each["reason"] for each in found.incompatible_gpus)
    for each in found.all_compatible_gpus:
        assert each["fits"]
        assert bound_ms is None or each["intertoken_latency_ms"] <= bound_ms


@given(st.sampled_from(MODELS), FLEETS, BOUNDS)
@settings(max_examples=30, deadline=None)
def test_the_recommended_is_the_fastest_of_the_smallest_splits(
    model: ModelArchitecture, fleet: list[GPUSpec], bound_ms: float | None
) -> None:
    found = asked(model, fleet, bound_ms)
    first = smallest(found)
    if found.performance is None:
        assert not first
        return
    assert found.recommended_gpu is not None
    best = first[found.recommended_gpu]
    assert best["tensor_parallel_size"] == found.performance.tensor_parallel_size
    assert best["tokens_per_second"] == max(each["tokens_per_second"] for each in first.values())


@given(st.sampled_from(MODELS[:2]), GPUS, BOUNDS)
@settings(max_examples=30, deadline=None)
def test_no_smaller_split_would_do(
    model: ModelArchitecture, gpu: GPUSpec, bound_ms: float | None
) -> None:
    found = asked(model, [gpu], bound_ms)
    if found.performance is None or found.performance.tensor_parallel_size == 1:
        return
    for size in range(1, found.performance.tensor_parallel_size):
        if model.num_attention_heads % size == 0 and (model.num_kv_heads or 1) % size == 0:
            less = Estimator().estimate_performance(model, gpu, tensor_parallel_size=size)
            slow = bound_ms is not None and less.intertoken_latency_ms > bound_ms
            assert slow or not less.fits_in_memory
