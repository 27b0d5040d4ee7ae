"""GGUF files: exact counts by role, widths, formats; and nothing hostile is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gguf_file import Shape, gguf, llama
from hypothesis import given
from hypothesis import strategies as st

from sizer.catalog.gguf import read_gguf
from sizer.catalog.gguf.types import TYPES
from sizer.catalog.models import find_model
from sizer.schema.facts.model import Model

KEYS, TENSORS = llama()


def read(folder: Path, values: dict[str, Any], tensors: dict[str, Shape]) -> Model:
    path = folder / "model.gguf"
    path.write_bytes(gguf(values, tensors))
    return read_gguf(path, "mine")


def changed(prefix: str, **more: Any) -> dict[str, Any]:
    """Return the keys of the small model as those of another architecture."""
    values = {key.replace("llama.", f"{prefix}."): value for key, value in KEYS.items()}
    values["general.architecture"] = prefix
    return values | {f"{prefix}.{key}": value for key, value in more.items()}


def test_a_dense_model_is_counted_exactly(tmp_path: Path) -> None:
    model = read(tmp_path, KEYS, TENSORS)
    assert (model.family, model.hidden_size, model.vocab_size) == ("llama", 512, 1024)
    assert model.parameters == model.known_parameters
    (group,) = model.layers
    assert group.count == 2
    assert (group.attention.heads, group.attention.kv_heads, group.attention.head_dim) == (8, 2, 64)
    assert group.attention.parameters == 2 * 512 * 512 + 2 * 512 * 128
    assert (group.mlp.width, group.mlp.dense_parameters) == (1536, 3 * 512 * 1536)
    assert group.norm_parameters == 1024
    assert not model.tied_embeddings


@pytest.mark.parametrize(
    ("kind", "form"),
    [("Q4_K", "q4_0"), ("Q8_0", "q8_0"), ("Q6_K", "q6_k"), ("F16", "fp16"), ("BF16", "bf16")],
)
def test_the_format_is_that_of_the_bytes(tmp_path: Path, kind: str, form: str) -> None:
    assert read(tmp_path, *llama(kind=kind)).weights == form


def test_a_mix_of_types_is_the_format_that_mixes_so(tmp_path: Path) -> None:
    keys, tensors = llama(layers=8)
    for layer in (0, 2, 5, 7):
        for part, shape in (("attn_v", (512, 128)), ("ffn_down", (1536, 512))):
            tensors[f"blk.{layer}.{part}.weight"] = (shape, "Q6_K")
    model = read(tmp_path, keys, tensors)
    assert (model.weights, model.note) == ("q4_k_m", "")


def test_a_format_that_is_only_near_is_said(tmp_path: Path) -> None:
    model = read(tmp_path, *llama(kind="IQ4_XS"))
    assert model.note.startswith(f"mostly IQ4_XS: sized as {model.weights}, whose bytes are ")


def test_a_model_without_an_output_matrix_ties_it(tmp_path: Path) -> None:
    tensors = {name: shape for name, shape in TENSORS.items() if name != "output.weight"}
    model = read(tmp_path, KEYS, tensors)
    assert model.tied_embeddings
    assert model.head_parameters == 0


def test_experts_are_counted_by_role(tmp_path: Path) -> None:
    tensors = {name: shape for name, shape in TENSORS.items() if ".ffn_" not in name}
    for layer in range(2):
        tensors[f"blk.{layer}.ffn_gate_inp.weight"] = ((512, 8), "F32")
        tensors[f"blk.{layer}.ffn_norm.weight"] = ((512,), "F32")
        for part in ("gate", "up", "down"):
            tensors[f"blk.{layer}.ffn_{part}_exps.weight"] = ((512, 256, 8), "Q4_K")
            tensors[f"blk.{layer}.ffn_{part}_shexp.weight"] = ((512, 256), "Q4_K")
    more = {"expert_count": 8, "expert_used_count": 2, "expert_feed_forward_length": 256}
    model = read(tmp_path, changed("qwen2moe", **more), tensors)
    (group,) = model.layers
    assert model.is_moe
    assert (group.mlp.experts, group.mlp.experts_per_token, group.mlp.expert_width) == (8, 2, 256)
    assert group.mlp.expert_parameters == group.mlp.shared_parameters == 3 * 512 * 256
    assert group.mlp.router_parameters == 512 * 8
    assert model.active_parameters < model.parameters == model.known_parameters


def test_latent_attention_caches_its_rank(tmp_path: Path) -> None:
    tensors = {
        name: shape
        for name, shape in TENSORS.items()
        if not name.endswith(("attn_k.weight", "attn_v.weight"))
    }
    for layer in range(2):
        tensors[f"blk.{layer}.attn_kv_a_mqa.weight"] = ((512, 320), "Q4_K")
        tensors[f"blk.{layer}.attn_kv_a_norm.weight"] = ((256,), "F32")
        tensors[f"blk.{layer}.attn_kv_b.weight"] = ((256, 2048), "Q4_K")
    more = {
        "attention.kv_lora_rank": 256,
        "attention.key_length": 320,
        "attention.value_length": 256,
        "attention.key_length_mla": 192,
        "attention.value_length_mla": 128,
        "rope.dimension_count": 64,
    }
    (group,) = read(tmp_path, changed("deepseek2", **more), tensors).layers
    assert (group.attention.kind, group.attention.kv_lora_rank) == ("mla", 256)
    assert (group.attention.qk_rope_head_dim, group.attention.v_head_dim) == (64, 128)
    assert group.norm_parameters == 1024, "norms of the latent belong to attention"


def test_windows_follow_the_file_or_the_architecture(tmp_path: Path) -> None:
    def windows(model: Model) -> dict[int | None, int]:
        return {group.attention.window: group.count for group in model.layers}

    keys, tensors = llama(layers=6)
    keys = {key.replace("llama.", "gemma3."): value for key, value in keys.items()}
    keys |= {"general.architecture": "gemma3", "gemma3.attention.sliding_window": 1024}
    assert windows(read(tmp_path, keys, tensors)) == {1024: 5, None: 1}
    keys["gemma3.attention.sliding_window_pattern"] = [True, False] * 3
    assert windows(read(tmp_path, keys, tensors)) == {1024: 3, None: 3}


def test_layers_may_differ(tmp_path: Path) -> None:
    model = read(tmp_path, KEYS | {"llama.attention.head_count_kv": [2, 4]}, TENSORS)
    assert [group.attention.kv_heads for group in model.layers] == [2, 4]


def test_layers_with_a_state_need_no_cache(tmp_path: Path) -> None:
    tensors = {name: shape for name, shape in TENSORS.items() if ".0.attn_" not in name}
    tensors["blk.0.attn_norm.weight"] = ((512,), "F32")
    tensors["blk.0.ssm_in.weight"] = ((512, 2048), "Q4_K")
    more = {"ssm.inner_size": 1024, "ssm.state_size": 16, "ssm.conv_kernel": 4}
    model = read(tmp_path, changed("jamba", **more), tensors)
    assert {group.attention.kind for group in model.layers} == {"mamba", "softmax"}
    assert model.attention == "hybrid"


def test_all_parts_of_a_file_count(tmp_path: Path) -> None:
    names = list(TENSORS)
    for number, part in enumerate((names[:5], names[5:]), start=1):
        content = gguf(KEYS if number == 1 else {}, {name: TENSORS[name] for name in part})
        (tmp_path / f"m-{number:05}-of-00002.gguf").write_bytes(content)
    found = find_model("m-00001-of-00002.gguf", tmp_path).value
    assert found.parameters == read(tmp_path, KEYS, TENSORS).parameters
    (tmp_path / "m-00002-of-00002.gguf").unlink()
    with pytest.raises(LookupError, match="cannot read"):
        find_model("m-00001-of-00002.gguf", tmp_path)


@pytest.mark.parametrize(
    ("values", "tensors", "said"),
    [
        ({}, TENSORS, "general.architecture"),
        ({"general.architecture": "llama"}, TENSORS, "block_count"),
        (KEYS | {"llama.block_count": -1 % 2**32}, TENSORS, "not a plausible"),
        (KEYS | {"llama.attention.head_count_kv": 3}, TENSORS, "do not divide"),
        (KEYS | {"llama.embedding_length": "x"}, TENSORS, "not a plausible"),
        (KEYS, {}, "no table of tokens"),
        (KEYS | {"llama.embedding_length": 0}, TENSORS, "`embedding_length` is 0"),
        (KEYS | {"llama.block_count": 2**31}, TENSORS, "not plausible|not a plausible"),
    ],
)
def test_what_is_missing_is_named(
    tmp_path: Path, values: dict[str, Any], tensors: dict[str, Shape], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        read(tmp_path, values, tensors)


WHOLE = gguf(KEYS, TENSORS)


@given(st.data())
def test_a_file_cut_off_or_altered_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[: data.draw(st.integers(0, len(WHOLE)))])
    for _ in range(data.draw(st.integers(0, 4))):
        if content:
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "altered.gguf"
    path.write_bytes(content)
    try:
        assert read_gguf(path, "mine").parameters > 0
    except ValueError as error:
        assert str(error)  # noqa: PT017  # either is right


def test_types_are_those_of_ggml() -> None:
    constants = pytest.importorskip("gguf.constants")
    sizes = {int(kind): size for kind, size in constants.GGML_QUANT_SIZES.items()}
    for number, (name, block, size) in TYPES.items():
        assert constants.GGMLQuantizationType(number).name == name
        if name != "Q8_1":  # its block is 36 bytes in files, 40 in some releases of the library
            assert sizes[number] == (block, size)


def test_what_ggmls_own_library_writes_is_read(tmp_path: Path) -> None:
    library = pytest.importorskip("gguf")
    numpy = pytest.importorskip("numpy")
    path = tmp_path / "theirs.gguf"
    writer = library.GGUFWriter(path, "llama")
    for key, value in KEYS.items():
        if isinstance(value, int):
            writer.add_uint32(key, value)
    writer.add_token_list(KEYS["tokenizer.ggml.tokens"])
    for name, (shape, _) in TENSORS.items():
        writer.add_tensor(name, numpy.zeros(shape[::-1], numpy.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    theirs = read_gguf(path, "mine")
    assert theirs.weights == "fp16"
    assert theirs.layers == read(tmp_path, KEYS, TENSORS).layers
