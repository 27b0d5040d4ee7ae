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
    assert model.exceptions("nvfp4") == parts


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
    assert model.exceptions("nvfp4") == {"attention": "fp8", "head": "nvfp4"}
    assert model.exceptions("fp8") == {}
