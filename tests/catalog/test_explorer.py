"""config_explorer behind its door: stored answers, and the cases where it is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sizer.catalog.explorer import (
    activation_gib,
    answers,
    asked_activation_gib,
    asked_non_torch_gib,
    asked_version,
    non_torch_gib,
    stored,
)
from sizer.catalog.models import find_model
from sizer.schema.facts.model import Model

CONFIGS = Path(__file__).with_name("configs")
BF16 = 2

ARCHITECTURES = {
    "deepseek_v2": "DeepseekV2ForCausalLM",
    "gemma": "GemmaForCausalLM",
    "gemma2": "Gemma2ForCausalLM",
    "gemma3": "Gemma3ForCausalLM",
    "gemma3_text": "Gemma3ForCausalLM",
    "granite": "GraniteForCausalLM",
    "llama": "LlamaForCausalLM",
    "llava_next": "LlavaNextForConditionalGeneration",
    "mistral3": "Mistral3ForConditionalGeneration",
    "mixtral": "MixtralForCausalLM",
    "phi3": "Phi3ForCausalLM",
    "pixtral": "PixtralForConditionalGeneration",
    "qwen2": "Qwen2ForCausalLM",
    "qwen2_moe": "Qwen2MoeForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "qwen3_moe": "Qwen3MoeForCausalLM",
}
RECOMPUTED = {
    "llama-2-7b": "meta-llama/Llama-2-7b-hf",
    "llama-3.1-8b": "meta-llama/Llama-3.1-8B",
    "gemma-2b": "google/gemma-2b",
    "gemma-2-27b": "google/gemma-2-27b-it",
    "mixtral-8x7b": "mistralai/Mixtral-8x7B-v0.1",
    "deepseek-v3": "deepseek-ai/DeepSeek-V3",
    "deepseek-v3.2": "deepseek-ai/DeepSeek-V3.2",
    "gpt-oss-20b": "openai/gpt-oss-20b",
    "qwen3.5-27b": "Qwen/Qwen3.5-27B",
}


def model(name: str) -> Model:
    return find_model(name).value


def our_bytes(of: Model, context: int) -> int:
    """Count our own bytes of a sequence in 16 bit, windows and latent vectors respected."""
    total = 0
    for group in of.layers:
        mixer = group.attention
        held = min(context, mixer.window or context)
        if mixer.kind == "mla":
            width = mixer.kv_lora_rank + mixer.qk_rope_head_dim + mixer.index_head_dim
        else:
            width = mixer.kv_heads * (mixer.head_dim + mixer.v_head_dim)
        total += group.count * width * held * BF16
    return total


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meta-llama/Llama-3.1-8B", 1.89),
        ("Qwen/Qwen2.5-7B", 2.25),
        ("Qwen/Qwen3-8B", 2.21),
        ("mistralai/Mixtral-8x7B-v0.1", 1.21),
        ("Qwen/Qwen3-30B-A3B", 2.68),
        ("google/gemma-2-27b-it", 3.65),
        ("google/gemma-3-27b-it", 3.94),
        ("mistralai/Mistral-7B-v0.1", 2.0),
        ("deepseek-ai/DeepSeek-V3", 2.5),
        ("llava-hf/llava-1.5-7b-hf", 2.0),
    ],
)
def test_activations_are_those_of_the_family(name: str, expected: float) -> None:
    assert activation_gib(model(name)) == expected


def test_memory_outside_torch_depends_on_the_split() -> None:
    assert [non_torch_gib(1, 1), non_torch_gib(2, 1), non_torch_gib(8, 2)] == [0.27, 2.10, 2.10]
    assert non_torch_gib(1, 4) == 0.07


@pytest.mark.parametrize(
    "name", ["meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B", "mistralai/Mixtral-8x7B-v0.1"]
)
def test_we_agree_with_config_explorer_on_plain_caches(name: str) -> None:
    found = model(name)
    assert found.explorer_kv_bytes_per_token == our_bytes(found, 1)


def test_config_explorer_misses_the_latent_cache_of_deepseek_v3_2() -> None:
    found = model("deepseek-ai/DeepSeek-V3.2")
    assert found.explorer_kv_bytes_per_token == 1_748_992
    assert our_bytes(found, 1) == 61 * (576 + 128) * BF16 == 85_888


def test_config_explorer_divides_the_latent_cache_that_every_device_needs_whole() -> None:
    found = model("deepseek-ai/DeepSeek-V3")
    theirs_on_one_of_8 = (found.explorer_kv_bytes_per_token or 0) / 8
    assert (theirs_on_one_of_8, our_bytes(found, 1)) == (8_784, 70_272)


def test_config_explorer_ignores_sliding_windows() -> None:
    found, context = model("google/gemma-2-27b-it"), 32_768
    theirs, ours = (found.explorer_kv_bytes_per_token or 0) * context, our_bytes(found, context)
    assert (theirs, ours) == (12_348_030_976, 6_945_767_424)


def test_config_explorer_takes_the_width_of_quantised_weights_for_the_cache() -> None:
    found = model("openai/gpt-oss-20b")
    assert (found.explorer_kv_bytes_per_token, our_bytes(found, 1)) == (13_056, 49_152)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("file", "name"), RECOMPUTED.items())
def test_stored_answers_are_those_of_the_installed_version(file: str, name: str) -> None:
    asked = answers(json.loads((CONFIGS / f"{file}.json").read_text("utf-8")))
    found = model(name)
    assert asked.possible_tp == found.explorer_possible_tp
    assert asked.kv_bytes_per_token == found.explorer_kv_bytes_per_token


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_stored_constants_are_those_of_the_installed_version() -> None:
    known = stored()
    assert known.version == asked_version()
    assert known.activation_gib.keys() == ARCHITECTURES.keys()
    for family, gib in known.activation_gib.items():
        assert asked_activation_gib(ARCHITECTURES[family]) == gib
    assert asked_activation_gib("Other") == known.default_dense_gib
    assert asked_activation_gib("Other", moe=True) == known.default_moe_gib
    splits = [(1, 1), (1, 2), (2, 1), (8, 4)]
    assert [asked_non_torch_gib(*each) for each in splits] == [
        non_torch_gib(*each) for each in splits
    ]
