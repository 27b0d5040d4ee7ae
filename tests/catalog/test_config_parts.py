"""What a config.json says beside its layers: positions, drafts, parts stored otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sizer.catalog.config_json import read_config
from sizer.schema.facts.model import Model

CONFIGS = Path(__file__).with_name("configs")


def read(name: str, **changes: Any) -> Model:
    config = json.loads((CONFIGS / f"{name}.json").read_text("utf-8"))
    return read_config({**config, **changes}, name)


def parts_of(model: Model, form: str) -> dict[str, str]:
    found = model.exceptions(form)
    assert all(each.share == 1.0 for each in found)
    return {each.part: each.form for each in found}


@pytest.mark.parametrize(
    ("name", "elements"),
    [
        ("llama-3.1-8b", 131_072 * 128),
        ("deepseek-v3", 163_840 * 64),  # the part of a head that is turned
        ("qwen3.5-27b", 4 * 262_144 * 64),  # a quarter of 256; positions in images too
        ("falcon-7b", 2048 * 64),
    ],
)
def test_rotary_tables_have_a_row_for_each_position(name: str, elements: int) -> None:
    assert read(name).rotary_table == elements


def test_a_draft_is_a_layer_and_what_joins_it() -> None:
    # DeepSeek-V3 (arXiv:2412.19437): 14 billion of 685 are the module for the second token.
    assert read("deepseek-v3").draft_parameters == pytest.approx(14e9, rel=0.05)
    assert read("llama-3.1-8b").draft_parameters == 0


@pytest.mark.parametrize(
    ("ignored", "parts"),
    [
        (["lm_head"], {}),
        (["lm_head", "re:.*self_attn.*"], {"attention": "bf16"}),
        (["lm_head", *(f"model.layers.{n}.mlp*" for n in range(32))], {"mlp": "bf16"}),
    ],
)
def test_what_a_quantiser_leaves_alone_is_stored_wide(
    ignored: list[str], parts: dict[str, str]
) -> None:
    weights = {"num_bits": 4, "type": "float", "group_size": 16}
    table = {
        "quant_method": "compressed-tensors",
        "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}},
        "ignore": ignored,
    }
    model = read("llama-3.1-8b", quantization_config=table)
    assert model.weights == "nvfp4"
    assert parts_of(model, "nvfp4") == parts


def test_groups_of_several_widths_are_stored_each_in_its_own() -> None:
    groups = {
        "group_0": {
            "targets": ["re:.*self_attn.*"],
            "weights": {"num_bits": 8, "type": "float"},
        },
        "group_1": {
            "targets": ["re:.*mlp.*", "lm_head"],
            "weights": {"num_bits": 4, "type": "float", "group_size": 16},
        },
    }
    table = {"quant_method": "compressed-tensors", "config_groups": groups}
    model = read("llama-3.1-8b", quantization_config=table)
    assert parts_of(model, "nvfp4") == {"attention": "fp8", "head": "nvfp4"}
    assert parts_of(model, "fp8") == {}


def test_a_part_that_some_layers_keep_is_stored_in_two_formats() -> None:
    kept = [f"model.layers.{layer}.self_attn*" for layer in range(8)]
    table = {"quant_method": "modelopt", "quant_algo": "NVFP4", "exclude_modules": kept}
    found = read("llama-3.1-8b", quantization_config=table).exceptions("nvfp4")
    assert [(each.part, each.form, each.share) for each in found] == [("attention", "bf16", 0.25)]


def test_matrices_of_latent_attention_weigh_by_their_size() -> None:
    kept = ["*.q_a_proj", "*.q_b_proj", "*.kv_a_proj_with_mqa", "*.kv_b_proj"]
    table = {"quant_method": "modelopt", "quant_algo": "NVFP4", "exclude_modules": kept}
    (found,) = read("deepseek-v3", quantization_config=table).exceptions("nvfp4")
    output = 128 * 128 * 7168
    assert found.share == pytest.approx(1 - output / 187_107_328, rel=1e-3)


def test_a_module_that_a_list_of_formats_leaves_out_is_wide() -> None:
    layers = [f"model.layers.{layer}" for layer in range(32)]
    listed = {f"{each}.mlp": {"quant_algo": "FP8"} for each in layers}
    table = {"quant_method": "modelopt", "quant_algo": "MIXED_PRECISION"}
    model = read("llama-3.1-8b", quantization_config={**table, "quantized_layers": listed})
    assert parts_of(model, "nvfp4") == {"attention": "bf16", "mlp": "fp8"}


def test_an_expression_of_gptqmodel_leaves_modules_alone() -> None:
    table = {"quant_method": "gptq", "bits": 4, "dynamic": {"-:.*attn.*": {}, "lm_head": {}}}
    model = read("llama-3.1-8b", quantization_config=table)
    assert parts_of(model, "gptq") == {"attention": "bf16"}


def test_layers_with_a_window_may_have_heads_of_their_own() -> None:
    other = {"num_attention_heads": 48, "num_attention_groups": 8, "head_dim": 128}
    fields = {
        "model_type": "step3p5",
        "layer_types": ["full_attention", "sliding_attention"] * 16,
        "sliding_window": 512,
        "attention_other_setting": other,
        "use_head_wise_attn_gate": True,
    }
    groups = read("llama-3.1-8b", **fields).layers
    assert [(each.attention.heads, each.attention.window) for each in groups] == [
        (32, None),
        (48, 512),
    ]
    full, windowed = (each.attention.parameters for each in groups)
    assert windowed - full == 16 * (2 * 128 + 1) * 4096
