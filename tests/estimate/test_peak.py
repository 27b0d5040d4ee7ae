"""The profiled peak against what config_explorer published of vLLM 0.19 on an H100, by family."""

from __future__ import annotations

import pytest
from scenarios import deployment

from sizer.catalog.explorer import activation_gib, non_torch_gib
from sizer.catalog.gpus import find_gpu
from sizer.estimate.device.peak import graph_bytes, non_torch_bytes, peak
from sizer.estimate.device.stages import Stage, stages
from sizer.estimate.engine.graphs import captured_sizes
from sizer.estimate.engine.settings import Settings, settings
from sizer.schema.asked.serving import Engine
from sizer.units import GIB

ONLY = Stage(32, first=True, last=True)


def used(version: str | None = "0.19.0", gpu: str = "H100-SXM5-80GB", **limits: int) -> Settings:
    return settings(Engine(version=version, **limits), find_gpu(gpu).value)


@pytest.mark.parametrize(
    ("model", "tp"),
    [
        ("deepseek-ai/DeepSeek-V2-Lite", 1),
        ("google/gemma-7b", 1),
        ("google/gemma-2-27b-it", 1),
        ("google/gemma-3-27b-it", 1),
        ("ibm-granite/granite-3.3-8b-instruct", 1),
        ("meta-llama/Llama-3.1-8B", 1),
        ("mistralai/Mixtral-8x7B-v0.1", 2),
        ("microsoft/phi-4", 1),
        ("mistralai/Mistral-Small-3.1-24B-Instruct-2503", 1),
        ("Qwen/Qwen2.5-7B", 1),
        ("Qwen/Qwen1.5-MoE-A2.7B", 1),
        ("Qwen/Qwen3-8B", 1),
        ("Qwen/Qwen3-30B-A3B", 1),
    ],
)
def test_activations_agree_with_what_was_published(model: str, tp: int) -> None:
    placed, limits = deployment(model, tp=tp), used()
    found = peak(placed, limits, ONLY).bytes_of(limits.max_num_batched_tokens) / GIB
    assert found == pytest.approx(activation_gib(placed.model), rel=0.06)


def test_memory_outside_the_allocator_agrees_too() -> None:
    for split in ({"tp": 1}, {"tp": 2}, {"pp": 2}):
        found = non_torch_bytes(deployment("Qwen/Qwen3-8B", **split), used()) / GIB
        published = non_torch_gib(split.get("tp", 1), split.get("pp", 1))
        assert found == pytest.approx(published, abs=0.03)


def test_graphs_are_within_the_budget_since_0_21() -> None:
    placed = deployment("Qwen/Qwen3-8B")
    assert graph_bytes(placed, used("0.20.2")) == 0
    assert graph_bytes(placed, used("0.21.0")) == 0.9 * GIB
    few = graph_bytes(placed, used("0.21.0", max_num_seqs=2))
    assert 0.3 * GIB < few < 0.4 * GIB
    assert captured_sizes(256, 8192, 512, largest=20) == (1, 2, 4, 8, 16)
    assert captured_sizes(256, 8192, 512, asked=(8, 1, 8, 9000)) == (1, 8)
    assert captured_sizes(256, 20, 512) == (1, 2, 4, 8, 16)  # no batch is larger than a step


@pytest.mark.parametrize(
    ("version", "gpu", "limits", "sizes"),
    [
        ("0.21.0", "H100-SXM5-80GB", {"max_num_seqs": 1}, 2),
        ("0.21.0", "H100-SXM5-80GB", {"max_num_seqs": 2}, 3),
        ("0.21.0", "H100-SXM5-80GB", {"max_num_seqs": 8}, 5),
        ("0.21.0", "H100-SXM5-80GB", {"max_num_seqs": 256}, 51),
        ("0.21.0", "H100-SXM5-80GB", {}, 51),
        ("0.28.0", "B200", {}, 83),  # 32 more, every 16th to 1,024
        ("0.28.0", "B200", {"max_num_batched_tokens": 64}, 11),  # 1, 2, 4, 8, 16 ... 64
    ],
)
def test_batch_sizes_that_are_captured(
    version: str, gpu: str, limits: dict[str, int], sizes: int
) -> None:
    assert len(used(version, gpu, **limits).captured_sizes) == sizes


@pytest.mark.parametrize(
    ("version", "gpu", "expected"),
    [
        ("0.19.0", "H100-SXM5-80GB", (0.9, 8192, 1024)),
        ("0.28.0", "H100-SXM5-80GB", (0.92, 8192, 1024)),
        (None, "H100-SXM5-80GB", (0.92, 8192, 1024)),
        ("0.1.dev20073+g8e685d198", "H100-SXM5-80GB", (0.92, 8192, 1024)),
        ("v0.9.2", "L4", (0.9, 2048, 256)),
        ("0.10.0", "A100-SXM4-80GB", (0.9, 2048, 256)),
        ("0.6.4.post1", "H100-SXM5-80GB", (0.9, 2048, 256)),
        ("0.28.0", "MI300X", (0.92, 16384, 1024)),
    ],
)
def test_limits_that_nobody_set_are_the_engines_own(
    version: str | None, gpu: str, expected: tuple[float, int, int]
) -> None:
    found = used(version, gpu)
    limits = found.gpu_memory_utilization, found.max_num_batched_tokens, found.max_num_seqs
    assert limits == expected
    assert found.whole_prompt_tokens == (32_768 if version == "0.6.4.post1" else 0)


def test_what_is_left_over_of_layers_goes_before_the_last_stage() -> None:
    assert [stage.layers for stage in stages(80, 3)] == [27, 27, 26]
    assert [stage.layers for stage in stages(30, 4)] == [7, 8, 8, 7]
    assert [(stage.first, stage.last) for stage in stages(8, 2)] == [(True, False), (False, True)]


@pytest.mark.parametrize("model", ["Qwen/Qwen3-Embedding-0.6B", "BAAI/bge-reranker-v2-m3"])
def test_what_writes_no_text_samples_no_token(model: str) -> None:
    """vLLM's profile_run pools where it would sample: the peak is a layer's alone."""
    found = peak(deployment(model), used(), ONLY)
    assert found.sampler_bytes == 0
    assert found.bytes_of(2048) == 2048 * found.bytes_per_token
