from __future__ import annotations

from scenarios import deployment

from sizer.catalog.formats import find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.resolve.splits import (
    accepts,
    node_size,
    pipeline_splits,
    runs_on,
    tensor_splits,
)


def test_heads_must_divide() -> None:
    qwen = deployment("Qwen/Qwen2.5-7B").model  # 28 query heads, 4 KV heads
    assert tensor_splits(qwen, 8) == [1, 2, 4]


def test_key_heads_divide_or_are_replicated_evenly() -> None:
    llama = deployment("meta-llama/Llama-3.1-70B").model  # 64 query heads, 8 KV heads
    assert tensor_splits(llama, 16) == [1, 2, 4, 8, 16]


def test_groups_of_a_quantisation_stay_whole() -> None:
    qwen = deployment("Qwen/Qwen2.5-7B").model  # MLP width 18944 = 148 groups of 128
    awq = find_weight_format("awq")
    assert [tp for tp in (1, 2, 4, 8) if accepts(awq, qwen, tp)] == [1, 2, 4]


def test_pipelines_are_for_whole_servers() -> None:
    llama, h100 = deployment("meta-llama/Llama-3.1-70B").model, find_gpu("H100").value
    assert node_size(h100) == 8
    assert pipeline_splits(llama, 4, h100, 32) == [1]
    assert pipeline_splits(llama, 8, h100, 32) == [1, 2, 3, 4]


def test_formats_need_a_device_with_a_kernel_for_them() -> None:
    fp8, awq = find_weight_format("fp8"), find_weight_format("awq")
    v100, t4, a100 = (find_gpu(name).value for name in ("V100", "T4", "A100"))
    assert [runs_on(fp8, gpu) for gpu in (v100, t4, a100)] == [False, False, True]
    assert [runs_on(awq, gpu) for gpu in (v100, t4, a100)] == [False, True, True]
    assert runs_on(fp8, find_gpu("MI300X").value)
