"""The cache format that a checkpoint asks for, and the one that an engine takes unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from sizer.catalog.checkpoint import read_checkpoint
from sizer.catalog.config_json import read_config
from sizer.catalog.formats import find_weight_format, own_cache
from sizer.catalog.models import find_model
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.model import Model

LLAMA = json.loads((Path(__file__).with_name("configs") / "llama-3.1-8b.json").read_text("utf-8"))
FLOAT8 = {"num_bits": 8, "type": "float", "dynamic": False}
GROUPS = {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 8, "type": "float"}}}


def read(table: dict[str, Any]) -> Model:
    return read_config({**LLAMA, "quantization_config": table}, "acme/llama")


@pytest.mark.parametrize(
    ("table", "form"),
    [
        ({"quant_algo": "FP8", "kv_cache_quant_algo": "FP8"}, "fp8"),
        ({"quant_algo": "NVFP4", "kv_cache_quant_algo": "NVFP4"}, "nvfp4"),
        ({"quant_algo": "FP8", "kv_cache_quant_algo": None}, None),
        ({"quant_algo": "FP8", "kv_cache_quant_algo": "INT8"}, None),
        ({"quant_algo": "NVFP4", "kv_cache_scheme": FLOAT8}, "fp8"),
        ({"quant_algo": "NVFP4", "kv_cache_scheme": FLOAT8 | {"dynamic": True}}, None),
        ({"quant_method": "compressed-tensors", "kv_cache_scheme": FLOAT8}, "fp8"),
        ({"quant_method": "compressed-tensors", "kv_cache_scheme": None}, None),
        ({"quant_method": "fp8", "kv_cache_scheme": FLOAT8}, None),
    ],
)
def test_a_config_states_a_cache_format(table: dict[str, Any], form: str | None) -> None:
    groups = {"config_groups": GROUPS} if "compressed" in str(table.get("quant_method")) else {}
    assert read(table | groups).kv_cache == form


def test_a_format_beside_the_config_counts_where_the_config_has_no_quantisation() -> None:
    beside = json.dumps({"quantization": {"quant_algo": "FP8", "kv_cache_quant_algo": "FP8"}})
    plain = {"config.json": json.dumps(LLAMA), "hf_quant_config.json": beside}
    assert read_checkpoint(plain, None, "acme/llama").kv_cache == "fp8"
    own = json.dumps({**LLAMA, "quantization_config": {"quant_algo": "FP8"}})
    assert read_checkpoint(plain | {"config.json": own}, None, "acme/llama").kv_cache is None


@pytest.mark.parametrize(
    ("engine", "modelopt", "compressed"),
    [
        (Engine(), "fp8", "fp8"),
        (Engine(version="0.13.0"), "bf16", "bf16"),
        (Engine(version="0.14.1"), "fp8", "bf16"),
        (Engine(version="v0.15.0"), "fp8", "fp8"),
        (Engine("sglang"), "fp8", "bf16"),
        (Engine("trtllm", "1.2.0rc1"), "fp8", "fp8"),
        (Engine("trtllm", "0.20"), "bf16", "bf16"),
        (Engine("generic"), "fp8", "fp8"),
    ],
)
def test_engines_take_it_from_a_release_on(engine: Engine, modelopt: str, compressed: str) -> None:
    model = find_model("nvidia/Llama-3.1-70B-Instruct-FP8").value
    form = find_weight_format(model.weights)
    assert own_cache(model, form, engine) == modelopt
    assert own_cache(evolve(model, kv_cache_by="compressed-tensors"), form, engine) == compressed


def test_in_another_weight_format_it_is_another_checkpoint() -> None:
    model = find_model("nvidia/Llama-3.1-70B-Instruct-FP8").value
    assert own_cache(model, find_weight_format("bf16"), Engine()) == "bf16"


@pytest.mark.parametrize(
    ("weights", "cache"), [("fp16", "fp16"), ("fp32", "fp32"), ("awq", "bf16")]
)
def test_without_one_the_cache_is_as_wide_as_activations(weights: str, cache: str) -> None:
    model = find_model("Qwen/Qwen2.5-7B").value
    assert own_cache(model, find_weight_format(weights), Engine()) == cache


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("nvidia/DeepSeek-V3.1-NVFP4", "fp8"),
        ("nvidia/Kimi-K2.5-NVFP4", "fp8"),
        ("nvidia/Qwen3.5-397B-A17B-NVFP4", "fp8"),
        ("nvidia/DeepSeek-V4-Flash-NVFP4", None),
        ("nvidia/MiniMax-M3-NVFP4", None),
        ("nvidia/Qwen3.6-35B-A3B-NVFP4", None),  # its config.json comes first and states none
        ("deepseek-ai/DeepSeek-V3.1", None),
    ],
)
def test_the_catalog_has_what_checkpoints_state(name: str, form: str | None) -> None:
    assert find_model(name).value.kv_cache == form
