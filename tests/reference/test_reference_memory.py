"""Memory by the reference system's methods: parts, totals and what they follow from."""

from __future__ import annotations

import pytest
from attrs import evolve
from reference_inputs import H100, LARGE, MIXTRAL, SMALL

from sizer import GPUSpec, ModelArchitecture, Problem, SyntheticBenchmarkEstimator

PARTS = ("weights_gb", "kv_cache_gb", "activations_gb", "overhead_gb")


def test_the_parts_add_up_to_what_a_performance_requires() -> None:
    estimator = SyntheticBenchmarkEstimator(input_length=1024, output_length=256)
    found = estimator.estimate_total_memory(SMALL, gpu=H100)
    assert found["total_gb"] == pytest.approx(sum(found[name] for name in PARTS))
    whole = estimator.estimate_performance(SMALL, H100)
    assert whole.memory_required_gb == pytest.approx(found["total_gb"])
    assert whole.memory_activations_gb == pytest.approx(found["activations_gb"])
    assert whole.memory_overhead_gb == pytest.approx(found["overhead_gb"])


def test_each_part_can_be_asked_alone() -> None:
    estimator = SyntheticBenchmarkEstimator()
    whole = estimator.estimate_total_memory(SMALL, 2048)
    assert estimator.estimate_memory_weights(SMALL) == whole["weights_gb"]
    assert estimator.estimate_memory_kv_cache(SMALL, 2048) == whole["kv_cache_gb"]
    assert estimator.estimate_memory_activations(SMALL, 2048) == whole["activations_gb"]
    assert whole["weights_gb"] == pytest.approx(14.0, rel=0.01)


def test_the_cache_of_eight_key_heads_is_exact() -> None:
    bytes_per_token = 2 * 32 * 8 * 128 * 2  # keys and values, layers, heads, width, 2 bytes
    assert SMALL.get_kv_cache_gb(2048) == pytest.approx(2048 * bytes_per_token / 1e9)
    assert SMALL.get_kv_cache_gb(4096, 3) == pytest.approx(3 * 4096 * bytes_per_token / 1e9)
    estimator = SyntheticBenchmarkEstimator()
    assert estimator.estimate_memory_kv_cache(SMALL, 2048) == SMALL.get_kv_cache_gb(2048)


def test_concurrent_users_is_a_batch_size_by_another_name() -> None:
    one, ten = SyntheticBenchmarkEstimator(), SyntheticBenchmarkEstimator(concurrent_users=10)
    assert (one.concurrent_users, ten.concurrent_users) == (1, 10)
    assert SyntheticBenchmarkEstimator(batch_size=4).concurrent_users == 4
    sizes = [each.estimate_memory_kv_cache(SMALL, 2048) for each in (one, ten)]
    assert sizes[1] == pytest.approx(10 * sizes[0])
    batch = SyntheticBenchmarkEstimator(batch_size=10).estimate_performance(SMALL, H100)
    assert ten.estimate_performance(SMALL, H100) == batch
    with pytest.raises(Problem, match="batch_size = 4 and concurrent_users = 10"):
        SyntheticBenchmarkEstimator(batch_size=4, concurrent_users=10)


def test_without_a_length_it_is_the_longest_sequence() -> None:
    estimator = SyntheticBenchmarkEstimator()
    assert SMALL.get_max_sequence_length() == 8192
    assert estimator.estimate_memory_kv_cache(SMALL) == SMALL.get_kv_cache_gb(8192)
    shorter = SyntheticBenchmarkEstimator(sequence_length=2048)
    assert shorter.estimate_memory_kv_cache(SMALL) == SMALL.get_kv_cache_gb(2048)


def test_nothing_needs_to_fit() -> None:
    assert SyntheticBenchmarkEstimator().estimate_memory_weights(LARGE) > H100.memory_gb


def test_beyond_the_context_the_load_is_shorter_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="its context ends at 8,192 tokens"):
        assert SMALL.get_kv_cache_gb(10_000) == SMALL.get_kv_cache_gb(8192)


@pytest.mark.parametrize(
    ("precision", "size"), [("fp32", 4.0), ("fp16", 2.0), ("bf16", 2.0), ("fp8", 1.0)]
)
def test_precision_bytes_are_those_of_the_format(precision: str, size: float) -> None:
    estimator = SyntheticBenchmarkEstimator(precision)
    assert estimator.precision_bytes == size
    weights = estimator.estimate_memory_weights(evolve(SMALL, vocab_size=1024))
    assert weights == pytest.approx(7.0 * size, rel=0.02)
    assert SMALL.get_model_memory_gb(precision) == estimator.estimate_memory_weights(SMALL)


def test_a_model_of_the_catalog_is_known_by_name() -> None:
    assert MIXTRAL.get_num_parameters() == pytest.approx(46.7, rel=0.01)
    assert MIXTRAL.get_max_sequence_length() == 32768
    assert SMALL.get_num_parameters() == pytest.approx(7.0)
    assert MIXTRAL.get_model_memory_gb("bf16") == pytest.approx(93.4, rel=0.01)


@pytest.mark.parametrize(
    "model",
    [ModelArchitecture("nobody has this"), ModelArchitecture("ours/odd", 7.0, 32, 4097, 32)],
)
def test_what_nobody_knows_is_a_problem(model: ModelArchitecture) -> None:
    with pytest.raises(Problem):
        model.get_num_parameters()
    with pytest.raises(Problem):
        SyntheticBenchmarkEstimator().estimate_memory_weights(model)


def test_an_accelerator_may_be_named() -> None:
    own = GPUSpec("ours", 24.0, 300.0, 100.0)
    sizes = [
        SyntheticBenchmarkEstimator().estimate_total_memory(SMALL, 2048, gpu)
        for gpu in (None, H100, own)
    ]
    assert len({each["weights_gb"] for each in sizes}) == 1
    assert sizes[2]["activations_gb"] <= sizes[1]["activations_gb"]
