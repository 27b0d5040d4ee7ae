from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.resolve.proposals import not_cached
from sizer.resolve.splits import (
    Split,
    accepts,
    refusals,
    replica_counts,
    runs_on,
    splits,
)
from sizer.schema.asked.profile import Fleet

H100 = find_gpu("H100").value
FP8 = find_weight_format("fp8")


def tensor_sizes(model: str, limit: int, form: str = "bf16") -> list[int]:
    found = splits(deployment(model).model, find_weight_format(form), H100, limit)
    return [split.tp for split in found if split.dp == 1]


def test_heads_must_divide() -> None:
    assert tensor_sizes("Qwen/Qwen2.5-7B", 8) == [1, 2, 4]  # 28 query heads, 4 KV heads


def test_key_heads_divide_or_are_replicated_evenly() -> None:
    assert tensor_sizes("meta-llama/Llama-3.1-70B", 16) == [1, 2, 4, 8]  # a server has 8


@pytest.mark.parametrize(
    "gpu", ["A40", "A100-PCIe-80GB", "RTX-3090", "RTX-A6000", "RTX-A5000", "H100-NVL", "MI210"]
)
def test_boards_fill_a_server_with_a_bridge_or_without_one(gpu: str) -> None:
    model = deployment("meta-llama/Llama-3.1-70B").model
    found = splits(model, find_weight_format("bf16"), find_gpu(gpu).value, 8)
    assert [split.tp for split in found] == [1, 2, 4, 8]


@pytest.mark.parametrize("gpu", ["GH200", "GB10", "Jetson AGX Thor", "Radeon-8060S"])
def test_what_stands_alone_in_its_computer_is_not_split(gpu: str) -> None:
    model = deployment("meta-llama/Llama-3.1-8B").model
    assert list(splits(model, find_weight_format("bf16"), find_gpu(gpu).value, 8)) == [Split(1)]


def test_two_of_them_are_two_servers_over_their_network() -> None:
    model = deployment("meta-llama/Llama-3.1-70B").model
    found = splits(model, find_weight_format("bf16"), find_gpu("DGX Spark").value, 2)
    assert list(found) == [Split(1, pp=2), Split(2)]


@pytest.mark.parametrize(
    ("gpu", "devices", "joined"), [("MI250X", 2, 8), ("Inferentia2", 2, 24), ("GB200", 1, 72)]
)
def test_a_split_counts_devices_as_the_engine_does(gpu: str, devices: int, joined: int) -> None:
    found = find_gpu(gpu).value
    assert found.devices_per_accelerator == devices
    assert found.joined_devices == joined


def test_experts_may_be_cut_or_shared_by_attention_groups() -> None:
    mixtral = deployment("mistralai/Mixtral-8x7B-v0.1").model
    found = list(splits(mixtral, FP8, H100, 8))
    assert Split(4) in found
    assert Split(1, ep=8, dp=8) in found
    assert not any(split.ep > 1 and split.dp == 1 for split in found)


def test_experts_whose_width_does_not_divide_are_spread_whole() -> None:
    mixtral = deployment("mistralai/Mixtral-8x7B-v0.1").model
    odd = evolve(
        mixtral,
        layers=tuple(
            evolve(group, mlp=evolve(group.mlp, expert_width=14_338)) for group in mixtral.layers
        ),
    )
    sizes = {split.tp: split.ep for split in splits(odd, FP8, H100, 8) if split.dp == 1}
    assert sizes == {1: 1, 2: 1, 4: 4, 8: 8}


def test_a_dense_model_has_no_attention_groups() -> None:
    llama = deployment("meta-llama/Llama-3.1-8B").model
    assert all(split.dp == split.ep == 1 for split in splits(llama, FP8, H100, 8))


def test_replicas_are_all_numbers_at_first_and_always_the_most() -> None:
    assert replica_counts(0) == ()
    assert replica_counts(7) == (1, 2, 3, 4, 5, 6, 7)
    assert replica_counts(21) == (*range(1, 17), 20, 21)
    assert replica_counts(1000)[-1] == 1000
    assert len(replica_counts(1000)) < 64


def test_groups_of_a_quantisation_stay_whole() -> None:
    qwen = deployment("Qwen/Qwen2.5-7B").model  # MLP width 18944 = 148 groups of 128
    awq = find_weight_format("awq")
    assert [tp for tp in (1, 2, 4, 8) if accepts(awq, qwen, tp)] == [1, 2, 4]


def test_pipelines_are_for_whole_servers_that_cannot_hold_the_model() -> None:
    bf16, large = find_weight_format("bf16"), deployment("meta-llama/Llama-3.1-405B").model
    assert H100.joined_devices == 8
    whole = [split for split in splits(large, bf16, H100, 32) if split.tp == 8]
    assert [split.pp for split in whole] == [2, 3, 4]  # 811 GB of weights, 80 GB each
    assert {split.pp for split in splits(large, FP8, H100, 32)} == {1}
    assert not [split for split in splits(large, bf16, H100, 8) if split.tp == 8]


def test_ranks_fill_whole_servers_where_one_cannot_hold_the_model() -> None:
    model = deployment("deepseek-ai/DeepSeek-R1-0528").model
    block = find_weight_format("fp8-block")
    wide = [split for split in splits(model, block, H100, 16) if split.gpus == 16]
    assert wide == [Split(8, pp=2), Split(16)]
    assert not [split for split in splits(model, block, H100, 8) if split.tp > 8]
    one_server = find_gpu("H200").value
    assert {split.tp for split in splits(model, block, one_server, 16)} == {1, 2, 4, 8}
    rack = find_gpu("GB200").value
    assert not [split for split in splits(model, block, rack, 144) if split.tp > 72]


def test_several_servers_need_a_network_that_somebody_knows() -> None:
    bf16, large = find_weight_format("bf16"), deployment("meta-llama/Llama-3.1-405B").model
    lone = evolve(H100, node_link_gb_s=None)
    assert not [split for split in splits(large, bf16, lone, 32) if split.tp == 8]
    assert [split.tp for split in splits(large, FP8, lone, 32)] == [1, 2, 4, 8]


def test_formats_need_a_device_with_a_kernel_for_them() -> None:
    fp8, awq = FP8, find_weight_format("awq")
    v100, t4, a100 = (find_gpu(name).value for name in ("V100", "T4", "A100"))
    assert [runs_on(fp8, gpu) for gpu in (v100, t4, a100)] == [False, False, True]
    assert [runs_on(awq, gpu) for gpu in (v100, t4, a100)] == [False, True, True]
    assert runs_on(fp8, find_gpu("MI300X").value)


def test_a_makers_own_format_runs_on_its_devices() -> None:
    nvfp4 = find_weight_format("nvfp4")
    assert runs_on(nvfp4, find_gpu("B200").value)
    assert not runs_on(nvfp4, find_gpu("MI355X").value)


def test_a_cache_format_needs_a_kernel_too() -> None:
    fp8, nvfp4 = find_kv_format("fp8"), find_kv_format("nvfp4")
    named = ("T4", "A10", "H100", "B200", "RTX 5090", "MI300X")
    gpus = [find_gpu(name).value for name in named]
    assert [runs_on(fp8, gpu) for gpu in gpus] == [False, True, True, True, True, True]
    assert [runs_on(nvfp4, gpu) for gpu in gpus] == [False, False, False, True, False, False]
    qwen = deployment("Qwen/Qwen2.5-7B").model
    assert not_cached(qwen, fp8, gpus[0], Fleet()) == {"no cache kernel": 8}
    assert not_cached(qwen, fp8, H100, Fleet()) == {}


def test_a_format_without_its_arithmetic_runs_where_engines_convert_it() -> None:
    cdna2, cdna3, unknown = (find_gpu(name).value for name in ("MI250X", "MI300X", "Gaudi3"))
    assert [runs_on(FP8, gpu) for gpu in (cdna2, cdna3)] == [False, True]
    assert runs_on(FP8, evolve(unknown, peaks=evolve(unknown.peaks, fp8=None)))


def test_what_is_not_proposed_is_counted_by_reason() -> None:
    qwen = deployment("Qwen/Qwen2.5-7B").model  # tp 1, 2 and 4 of 8
    mixtral = deployment("mistralai/Mixtral-8x7B-v0.1").model  # tp 1, 2, 4 and 8; 2, 4, 8 groups
    v100 = find_gpu("V100-SXM2-32GB").value
    assert refusals(qwen, FP8, H100, 8) == {"uneven widths": 5}
    assert refusals(mixtral, FP8, H100, 8) == {"uneven widths": 4, "uneven experts": 4}
    assert refusals(qwen, find_weight_format("nvfp4"), v100, 8) == {"no kernel": 8}
    assert refusals(qwen, FP8, H100, 2) == {}


def test_every_size_of_a_server_is_proposed_or_counted() -> None:
    for name in ("Qwen/Qwen2.5-7B", "mistralai/Mixtral-8x7B-v0.1", "Qwen/Qwen3-30B-A3B"):
        for form in ("fp8", "awq"):
            weights, model = find_weight_format(form), deployment(name).model
            proposed = len({(s.tp, s.dp) for s in splits(model, weights, H100, 8)})
            possible = 15 if model.is_moe else 8
            assert proposed + refusals(model, weights, H100, 8).total() == possible


def test_a_quantisation_that_would_be_cut_is_a_reason_of_its_own() -> None:
    llama = deployment("meta-llama/Llama-2-7b").model  # MLP width 11008 = 86 groups of 128
    assert refusals(llama, find_weight_format("awq"), H100, 8)["cut groups"] == 2
