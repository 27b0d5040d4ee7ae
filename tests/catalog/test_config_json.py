"""The reader of config.json: hand-written vectors for every kind of attention, and refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sizer.catalog.config_json import read_config
from sizer.catalog.local import read_local
from sizer.schema.facts.model import Attention, Model

CONFIGS = Path(__file__).with_name("configs")


def config(name: str) -> dict[str, Any]:
    loaded = json.loads((CONFIGS / f"{name}.json").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def read(name: str, **changed: Any) -> Model:
    return read_config(config(name) | changed, name)


def cached(attention: Attention) -> int:
    """Count elements of one token in one layer's cache."""
    if not attention.cached or attention.kind not in {"softmax", "mla"}:
        return 0
    if attention.kind == "mla":
        return attention.kv_lora_rank + attention.qk_rope_head_dim + attention.index_head_dim
    return attention.kv_heads * (attention.head_dim + attention.v_head_dim)


# Elements of cache for each token: layers x 2 x kv heads x head width, worked out by hand.
@pytest.mark.parametrize(
    ("name", "kind", "parameters", "elements"),
    [
        ("llama-2-7b", "mha", 6_738_415_616, 32 * 2 * 32 * 128),
        ("llama-3.1-8b", "gqa", 8_030_261_248, 32 * 2 * 8 * 128),
        ("gemma-2b", "mqa", 2_506_172_416, 18 * 2 * 1 * 256),
        ("falcon-7b", "mqa", 6_921_720_704, 32 * 2 * 1 * 64),
        ("deepseek-v3", "mla", 671_026_419_200, 61 * (512 + 64)),
        ("deepseek-v3.2", "mla", 671_877_944_064, 61 * (512 + 64 + 128)),
        ("gemma-2-27b", "gqa", 27_227_128_320, 46 * 2 * 16 * 128),
        ("qwen3-next-80b-a3b", "hybrid", 79_674_391_296, 12 * 2 * 2 * 256),
        ("mixtral-8x7b", "gqa", 46_702_792_704, 32 * 2 * 8 * 128),
        ("gpt-oss-20b", "gqa", 20_914_757_184, 24 * 2 * 8 * 64),
        ("qwen3.5-27b", "hybrid", 27_356_728_560, 16 * 2 * 4 * 256),
    ],
)
def test_structure_is_that_of_the_published_model(
    name: str, kind: str, parameters: int, elements: int
) -> None:
    model = read(name)
    assert model.attention == kind
    assert model.parameters == parameters
    assert sum(group.count * cached(group.attention) for group in model.layers) == elements


def test_gemma_2_slides_in_every_other_layer() -> None:
    windows = {group.attention.window: group.count for group in read("gemma-2-27b").layers}
    assert windows == {4096: 23, None: 23}


def test_gpt_oss_slides_where_its_list_of_layers_says() -> None:
    windows = {group.attention.window: group.count for group in read("gpt-oss-20b").layers}
    assert windows == {128: 12, None: 12}


def test_window_of_qwen_counts_only_when_it_is_used() -> None:
    plain = {
        "model_type": "qwen2",
        "hidden_size": 64,
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "intermediate_size": 128,
        "vocab_size": 100,
        "max_position_embeddings": 1024,
        "sliding_window": 16,
        "max_window_layers": 3,
    }
    unused = read_config(plain | {"use_sliding_window": False}, "q")
    used = read_config(plain | {"use_sliding_window": True}, "q")
    assert [group.attention.window for group in unused.layers] == [None]
    assert {g.attention.window: g.count for g in used.layers} == {None: 3, 16: 1}


def test_gated_delta_net_keeps_a_constant_state() -> None:
    linear = next(g for g in read("qwen3-next-80b-a3b").layers if g.attention.kind == "linear")
    state, window = 32 * 128 * 128, (2 * 16 * 128 + 32 * 128) * 3
    assert linear.count == 36
    assert linear.attention.state_elements == state + window
    assert linear.attention.state_bytes_per_element == 2


def test_state_in_32_bit_is_counted_in_32_bit() -> None:
    linear = next(g for g in read("qwen3.5-27b").layers if g.attention.kind == "linear")
    mixer, window = linear.attention, (2 * 16 * 128 + 48 * 128) * 3
    assert mixer.state_elements * mixer.state_bytes_per_element == 48 * 128 * 128 * 4 + window * 2


def test_mixture_touches_its_chosen_experts_only() -> None:
    model = read("mixtral-8x7b")
    idle = 32 * 6 * 3 * 4096 * 14336
    assert model.is_moe
    assert model.active_parameters == model.parameters - idle - model.embedding_parameters


def test_first_layers_of_deepseek_are_dense() -> None:
    dense, routed = read("deepseek-v3").layers
    assert (dense.count, dense.mlp.experts, dense.mlp.width) == (3, 0, 18432)
    assert (routed.count, routed.mlp.experts, routed.mlp.experts_per_token) == (58, 256, 8)


def test_text_model_is_found_inside_a_vision_model() -> None:
    model = read("qwen3.5-27b")
    assert model.hidden_size == 5120
    assert model.other_parameters == 460_730_096


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, "fp8"),
        ({"quant_method": "fbgemm_fp8"}, "fp8"),
        ({"quant_method": "awq", "bits": 4}, "awq"),
        ({"quant_method": "gptq", "bits": 4}, "gptq"),
        ({"quant_method": "gptq", "bits": 8}, "int8"),
        ({"quant_method": "gptq", "bits": 4, "group_size": 128}, "gptq"),
        ({"quant_method": "gptq", "bits": 4, "group_size": 32}, "gptq-g32"),
        ({"quant_method": "gptq", "bits": 4, "group_size": -1}, "gptq"),
        ({"quant_method": "awq", "bits": 4, "group_size": 64}, "awq-g64"),
        ({"quant_method": "auto-round", "bits": 4, "group_size": 128}, "gptq"),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "bnb-nf4"),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "int8"),
        ({"quant_method": "modelopt", "quant_algo": "MXFP8"}, "mxfp8"),
        ({"quant_method": "mxfp4"}, "mxfp4"),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "nvfp4"),
        ({"quant_algo": "FP8"}, "fp8"),
    ],
)
def test_weight_format_follows_the_quantisation(stored: dict[str, Any], expected: str) -> None:
    assert read("llama-3.1-8b", quantization_config=stored).weights == expected


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"num_bits": 8, "type": "float"}, "fp8"),
        ({"num_bits": 8, "type": "int"}, "int8"),
        ({"num_bits": 8, "type": "float", "group_size": 32}, "mxfp8"),
        ({"num_bits": 4, "type": "int", "group_size": 128}, "int4"),
        ({"num_bits": 4, "type": "int", "group_size": 64}, "int4-g64"),
        ({"num_bits": 4, "type": "int", "group_size": 32}, "int4-g32"),
        ({"num_bits": 4, "type": "int", "group_size": None, "strategy": "channel"}, "int4"),
        ({"num_bits": 4, "type": "float", "group_size": 16}, "nvfp4"),
        ({"num_bits": 4, "type": "float", "group_size": 32}, "mxfp4"),
    ],
)
def test_weight_format_follows_compressed_tensors(weights: dict[str, Any], expected: str) -> None:
    stored = {
        "quant_method": "compressed-tensors",
        "config_groups": {"group_0": {"weights": weights}},
    }
    assert read("llama-3.1-8b", quantization_config=stored).weights == expected


def test_plain_checkpoints_keep_their_16_bits() -> None:
    assert read("llama-3.1-8b", torch_dtype="bfloat16").weights == "bf16"
    assert read("llama-3.1-8b", torch_dtype="float16").weights == "fp16"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"model_type": None}, "`model_type` is missing"),
        ({"model_type": "t5"}, "model_type 't5' is not one that sizer reads"),
        ({"hidden_size": None}, "`hidden_size` is missing"),
        ({"hidden_size": "4096"}, "`hidden_size` is '4096', not a plausible whole number"),
        ({"hidden_size": True}, "`hidden_size` is True"),
        ({"num_hidden_layers": -1}, "`num_hidden_layers` is -1"),
        ({"num_hidden_layers": 0}, "`num_hidden_layers` is 0"),
        ({"num_hidden_layers": 10**9}, "more than sizer reads"),
        ({"num_attention_heads": 0}, "`num_attention_heads` is 0"),
        ({"num_attention_heads": 33}, "heads do not divide `hidden_size`"),
        ({"num_key_value_heads": 0}, "0 key and value heads do not divide 32 heads"),
        ({"num_key_value_heads": 5}, "5 key and value heads do not divide 32 heads"),
        ({"attention_bias": "no"}, "`attention_bias` is 'no', not true or false"),
        ({"quantization_config": {"quant_method": "magic"}}, "`quant_method` 'magic'"),
        ({"torch_dtype": "float8"}, "`torch_dtype` is 'float8'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="config of llama") as caught:
        read("llama-3.1-8b", **changed)
    assert said in str(caught.value)


def test_field_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="unexpected shape"):
        read_config(
            config("llama-3.1-8b") | {"model_type": "nemotron-nas", "block_configs": [1] * 32},
            "nas",
        )


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00", "[" * 100_000])
def test_file_that_is_no_config_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"config\.json: it is n"):
        read_local(path, "mine")
