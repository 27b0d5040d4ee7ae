"""Names that nobody listed: how repositories call what they made of another's model."""

from __future__ import annotations

import pytest

from sizer.catalog.models import find_model, knows_model
from sizer.catalog.names import match_of

INDEX = {
    "acme/tree-8b": ("tree-8b", "bf16"),
    "acme/tree-8b-instruct": ("tree-8b", "bf16"),
    "acme/leaf-70b": ("leaf", "mxfp4"),
    "llama-3-8b": ("llama-3-8b", "bf16"),
    "meta-llama-3-70b": ("llama-3-70b", "bf16"),
    "tree-8b": ("tree-8b", "bf16"),
    "tree-8b-instruct": ("tree-8b", "bf16"),
    "leaf-70b": ("leaf", "mxfp4"),
}


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("unsloth/Tree-8B-unsloth-bnb-4bit", ("tree-8b", "bnb-nf4")),
        ("unsloth/Tree-8B-bnb-4bit", ("tree-8b", "bnb-nf4")),
        ("unsloth/Tree-8B-Instruct-GGUF", ("tree-8b", "q4_k_m")),
        ("unsloth/Tree-8B-Instruct-GGUF:Q5_K_M", ("tree-8b", "q5_k_m")),
        ("ggml-org/Tree-8B-Q8_0-GGUF", ("tree-8b", "q8_0")),
        ("acme/Tree-8B-MXFP8", ("tree-8b", "mxfp8")),
        ("lmstudio-community/Tree-8B-MLX-8bit", ("tree-8b", "int8")),
        ("Intel/Tree-8B-int4-AutoRound", ("tree-8b", "gptq")),
        ("someone/Tree-8B-GPTQ-4b-128g", ("tree-8b", "gptq")),
        ("acme/Tree-8B-Instruct-qat-q4_0-unquantized", ("tree-8b", "bf16")),
        ("acme/Tree-8B-Instruct-qat-q4_0-gguf", ("tree-8b", "q4_0")),
        ("acme/Tree-8B-Instruct-qat-w4a16-ct", ("tree-8b", "int4")),
        ("someone/Tree-8B-AWQ-INT4", ("tree-8b", "awq")),
        ("someone/Tree-8B-NVFP4-FP8-KV", ("tree-8b", "nvfp4")),
        ("someone/Tree-8B-NVFP4-FP8KV", ("tree-8b", "nvfp4")),
        ("amd/Tree-8B-FP8-KV", ("tree-8b", "fp8")),
        ("amd/Tree_8B_FP8_MLPerf_V2", None),
        ("amd/Tree-8B_FP8_MLPerf_V2", ("tree-8b", "fp8")),
        ("amd/Tree-8B-MXFP4-Preview", ("tree-8b", "mxfp4")),
    ],
)
def test_an_ending_names_the_format(name: str, entry: tuple[str, str] | None) -> None:
    found = match_of(name, INDEX)
    assert (found and (found.stem, found.form)) == entry


@pytest.mark.parametrize(
    ("name", "cache"),
    [
        ("someone/Tree-8B-NVFP4-FP8-KV", "fp8"),
        ("amd/Tree-8B-FP8-KV", None),
        ("amd/Tree-8B-FP8", None),
    ],
)
def test_an_ending_names_the_format_of_the_cache(name: str, cache: str | None) -> None:
    found = match_of(name, INDEX)
    assert found is not None
    assert found.cache == cache


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("unsloth/Tree-8B", ("tree-8b", "bf16")),
        ("RedHatAI/Leaf-70B", ("leaf", "mxfp4")),
        ("meta-llama/Meta-Llama-3-8B", ("llama-3-8b", "bf16")),
        ("meta-llama/Llama-3-70B-FP8", ("llama-3-70b", "fp8")),
    ],
)
def test_a_mirror_has_the_models_of_others_under_their_names(
    name: str, entry: tuple[str, str]
) -> None:
    found = match_of(name, INDEX)
    assert found is not None
    assert (found.stem, found.form) == entry
    assert found.note is not None
    assert "by its name" in found.note


@pytest.mark.parametrize(
    "name",
    [
        "someone/Tree-8B",  # a model of somebody's own
        "acme/Tree-8B-Preview",
        "acme/Tree-8B-Preview-AWQ",
        "acme/Tree-8B-0905",
        "acme/Tree-8B-0905-FP8",
        "acme/Tree-8B-v2",
        "acme/Tree-8B-Base",
        "acme/Tree-8B-Thinking",
        "acme/Tree-8B-Q4_K_S-GGUF",  # a type that no format stands for
        "unsloth/Tree-8B@main",
    ],
)
def test_a_name_that_may_be_another_checkpoint_is_not_read(name: str) -> None:
    assert match_of(name, INDEX) is None


@pytest.mark.parametrize(
    ("name", "stem", "form"),
    [
        ("unsloth/gemma-3-27b-it", "gemma-3-27b-it", "bf16"),
        ("RedHatAI/gpt-oss-20b", "gpt-oss-20b", "mxfp4"),
        ("RedHatAI/Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct", "bf16"),
        ("meta-llama/Meta-Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct", "bf16"),
        ("google/gemma-3-27b-it-qat-q4_0-unquantized", "gemma-3-27b-it", "bf16"),
        ("MiniMaxAI/MiniMax-M3-MXFP8", "minimax-m3", "mxfp8"),
    ],
)
def test_names_that_people_use_reach_their_structure(name: str, stem: str, form: str) -> None:
    assert knows_model(name) == stem
    assert find_model(name).value.weights == form


@pytest.mark.parametrize(
    "name", ["Qwen/Qwen3-8B-Preview-FP8", "moonshotai/Kimi-K2-Instruct-0101-FP8"]
)
def test_a_dated_name_does_not_fall_through_to_another_checkpoint(name: str) -> None:
    assert knows_model(name) is None
