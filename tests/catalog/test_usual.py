"""A family that no list has is sized where its weights bear the count out, and says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hub_server import LLAMA, LLAMA_PARAMETERS

from sizer.catalog.checkpoint import read_checkpoint
from sizer.catalog.safetensors import Stored
from sizer.schema.facts.model import Model

NEW = {**LLAMA, "model_type": "brandnew", "architectures": ["BrandNewForCausalLM"]}


def read(total: int | None, dtype: str = "BF16", **changes: Any) -> Model:
    stored = None if total is None else Stored(((dtype, total),), 2 * total)
    config = {key: value for key, value in {**NEW, **changes}.items() if value is not None}
    return read_checkpoint({"config.json": json.dumps(config)}, stored, "acme/new")


def test_a_usual_decoder_of_a_new_family_is_read_as_one() -> None:
    model = read(LLAMA_PARAMETERS + 1000)
    assert model.parameters == LLAMA_PARAMETERS + 1000
    assert model.other_parameters == 1000
    assert model.family == "brandnew"
    assert "'brandnew' is read as a usual decoder; its files hold +" in model.note


def test_experts_and_latent_attention_are_usual_too() -> None:
    changes = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
    implied = LLAMA_PARAMETERS - 2 * 3 * 64 * 128 + 2 * (4 * 3 * 64 * 32 + 4 * 64)
    model = read(implied, **changes)
    assert model.is_moe
    assert model.parameters == implied


def test_windows_follow_the_list_of_layers() -> None:
    kinds = ["sliding_attention", "full_attention"]
    model = read(LLAMA_PARAMETERS, layer_types=kinds, sliding_window=512)
    assert [group.attention.window for group in model.layers] == [512, None]


@pytest.mark.parametrize(
    ("total", "changes", "said"),
    [
        (None, {}, "no plain weights"),
        (LLAMA_PARAMETERS, {"dtype": "I32"}, "no plain weights"),
        (2 * LLAMA_PARAMETERS, {}, "its files hold 4"),
        (LLAMA_PARAMETERS // 2, {}, "its files hold"),
        (LLAMA_PARAMETERS, {"architectures": ["BrandNewModel"]}, "no usual decoder"),
        (LLAMA_PARAMETERS, {"architectures": None}, "no usual decoder"),
        (LLAMA_PARAMETERS, {"is_encoder_decoder": True}, "no usual decoder"),
        (LLAMA_PARAMETERS, {"layer_types": ["mamba", "full_attention"]}, "no usual decoder"),
        (LLAMA_PARAMETERS, {"mamba_d_state": 16}, "no usual decoder"),
        (LLAMA_PARAMETERS, {"num_hidden_layers": None}, "num_hidden_layers"),
    ],
)
def test_what_is_not_usual_or_not_certain_is_refused(
    total: int | None, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        read(total, **changes)
