from __future__ import annotations

from collections.abc import Callable

import pytest

from sizer.catalog.format_names import (
    FILE,
    choices_of,
    kv_format_names,
    loaders,
    plain,
    stored_formats,
    weight_format_names,
)
from sizer.catalog.formats import (
    build_names,
    find_kv_format,
    find_weight_format,
)
from sizer.catalog.lookup import Unknown

COMPUTE = {"fp32", "bf16", "fp16", "fp8", "int8", "fp4"}
WEIGHTS = stored_formats()["weights"]


def test_the_formats_people_ask_for_are_there() -> None:
    asked = {
        *("fp32", "bf16", "fp16", "fp8", "fp8-block", "int8", "int4", "awq", "gptq"),
        *("mxfp4", "nvfp4", "bnb-nf4", "q2_k", "q3_k_m", "q4_0", "q4_k_m", "q5_k_m", "q6_k"),
        *("q8_0", "auto"),
    }
    assert asked <= set(weight_format_names())
    assert {"auto", "bf16", "fp16", "fp8", "int8"} <= set(kv_format_names())


def test_the_index_of_names_is_what_the_formats_say() -> None:
    assert FILE.read_text("utf-8") == build_names()


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("fp32", 32),
        ("bf16", 16),
        ("fp16", 16),
        ("fp8", 8),
        ("fp8-block", 8 + 32 / (128 * 128)),
        ("int8", 8),
        ("int4", 4 + 16 / 128),
        ("int4-g64", 4 + 16 / 64),
        ("int4-g32", 4 + 16 / 32),
        ("awq", 4 + 16 / 128 + 4 / 128),
        ("awq-g64", 4 + 16 / 64 + 4 / 64),
        ("awq-g32", 4 + 16 / 32 + 4 / 32),
        ("gptq", 4 + 16 / 128 + 4 / 128),
        ("gptq-g64", 4 + 16 / 64 + 4 / 64),
        ("gptq-g32", 4 + 16 / 32 + 4 / 32),
        ("mxfp8", 8 + 8 / 32),
        ("nvfp4", 4 + 8 / 16),
        ("bnb-nf4", 4 + 32 / 64),
        ("q4_0", 8 * 18 / 32),
        ("q6_k", 8 * 210 / 256),
        ("q8_0", 8 * 34 / 32),
    ],
)
def test_a_quantised_matrix_counts_its_scales(name: str, bits: float) -> None:
    form = find_weight_format(name)
    assert form.linear_bytes == pytest.approx(bits / 8, rel=1e-9)
    assert form.expert_bytes == form.linear_bytes


def test_mxfp4_quantises_experts_alone() -> None:
    form = find_weight_format("mxfp4")
    assert form.expert_bytes == (4 + 8 / 32) / 8
    assert form.linear_bytes == form.embedding_bytes == 2.0


@pytest.mark.parametrize("name", ["fp8", "fp8-block", "int8", "int4", "awq", "gptq", "nvfp4"])
def test_embeddings_and_norms_stay_16_bit_in_checkpoints_of_engines(name: str) -> None:
    form = find_weight_format(name)
    assert (form.embedding_bytes, form.kept_bytes) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        # tools/quantize/README.md of ggml-org/llama.cpp @ 311c2c9f
        ("q2_k", 3.1593),
        ("q4_k_m", 4.8944),
        ("q5_k_m", 5.7036),
        ("q6_k", 6.5633),
        ("q8_0", 8.5008),
    ],
)
def test_a_gguf_of_llama_3_1_8b_is_as_large_as_llama_cpp_says(name: str, bits: float) -> None:
    form = find_weight_format(name)
    embedding, norms, total = 2 * 128256 * 4096, 65 * 4096, 8_030_261_248
    linear = total - embedding - norms
    size = linear * form.linear_bytes + embedding * form.embedding_bytes + norms * form.kept_bytes
    assert 8 * size / total == pytest.approx(bits, rel=1e-4)


def test_fewer_bits_are_never_larger() -> None:
    order = ["fp32", "bf16", "q8_0", "fp8", "q6_k", "q5_k_m", "q4_k_m", "q4_0", "q3_k_m", "q2_k"]
    sizes = [find_weight_format(name).linear_bytes for name in order]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_variant_is_of_a_format_and_differs_by_its_groups_alone(name: str) -> None:
    form = find_weight_format(name)
    if form.variant_of is None:
        return
    base = find_weight_format(form.variant_of)
    assert name == f"{base.name}-g{form.group_size}"
    assert base.variant_of is None
    assert base.compute == form.compute
    assert base.least_compute_capability == form.least_compute_capability


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_format_names_its_source_and_an_arithmetic_that_devices_have(name: str) -> None:
    form = find_weight_format(name)
    assert form.name == name
    assert form.source
    assert form.compute in COMPUTE


@pytest.mark.parametrize(
    ("name", "size"),
    [("bf16", 2.0), ("fp16", 2.0), ("fp8", 1.0), ("int8", 1.0), ("nvfp4", (4 + 8 / 16) / 8)],
)
def test_a_cache_element_counts_its_scales(name: str, size: float) -> None:
    form = find_kv_format(name)
    assert form.bytes_per_element == size
    assert form.source


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("w4a16", "int4"),
        ("W8A8", "int8"),
        ("FP4", "nvfp4"),
        ("bfloat16", "bf16"),
        ("nf4", "bnb-nf4"),
    ],
)
def test_an_alias_in_any_case_is_the_format(alias: str, name: str) -> None:
    assert find_weight_format(alias) == find_weight_format(name)


def test_no_name_means_two_formats() -> None:
    for names in (weight_format_names(), kv_format_names()):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(("find", "near"), [(find_weight_format, "fp8"), (find_kv_format, "fp8")])
def test_an_unknown_format_suggests_its_neighbours(
    find: Callable[[str], object], near: str
) -> None:
    with pytest.raises(Unknown) as raised:
        find("PF8")
    assert near in raised.value.suggestions


@pytest.mark.parametrize(
    ("loader", "name"),
    [
        ("awq_marlin", "awq"),
        ("gptq_marlin", "gptq"),
        ("GPTQ-Marlin", "gptq"),
        ("fbgemm_fp8", "fp8"),
        ("fp8_e4m3", "fp8"),
        ("modelopt_fp4", "nvfp4"),
        ("w8a8_int8", "int8"),
        ("fp8_block_scales", "fp8-block"),
    ],
)
def test_a_loader_of_one_width_is_that_format(loader: str, name: str) -> None:
    assert find_weight_format(loader).name == name


@pytest.mark.parametrize("loader", ["compressed-tensors", "Compressed_Tensors", *loaders()])
def test_a_loader_of_several_widths_is_refused_with_all_of_them(loader: str) -> None:
    with pytest.raises(Unknown) as caught:
        find_weight_format(loader)
    choices = choices_of(loader)
    assert len(choices) > 1
    assert all(f"`{each}`" in str(caught.value.hint) for each in choices)
    assert [find_weight_format(each).name for each in choices] == [*choices]


def test_no_loader_is_a_format_too() -> None:
    assert {*map(plain, loaders())} & {*map(plain, weight_format_names())} == set()
