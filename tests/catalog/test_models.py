"""The catalog of models: size, totals, names and aliases."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from sizer.catalog.description import by_hand
from sizer.catalog.formats import find_weight_format
from sizer.catalog.lookup import Unknown
from sizer.catalog.models import (
    FOLDER,
    build_index,
    find_model,
    index,
    knows_model,
    model_names,
    structure,
    suggestions,
)
from sizer.resolve.splits import refusal
from sizer.schema.facts.provenance import Described, LocalFile

CONFIGS = Path(__file__).with_name("configs")
NAMES = model_names()

# Model ids that measurements of speed and memory name.
MEASURED = Path(__file__).with_name("measured_models.txt").read_text("utf-8").split()

# Measured too, but no source gives the whole structure.
UNKNOWN_STRUCTURE = (
    "Deci/DeciLM-7B",
    "Qwen/Qwen3.8-Flash-Next",
    "deepseek-ai/DeepSeek-V4.1-Flash",
    "google/gemma-4-12B-it",
)

QUICKSTART = (
    "mistralai/Mixtral-8x7B-v0.1",
    "Qwen/Qwen2.5-7B",
    "ibm-granite/granite-3.0-8b-base",
    "meta-llama/Llama-3.1-70B",
    "deepseek-ai/DeepSeek-V3",
)


def test_catalog_holds_at_least_150_structures() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 150


@pytest.mark.parametrize("name", NAMES)
def test_total_is_the_published_one_or_the_file_says_why(name: str) -> None:
    model = find_model(name).value
    assert not isinstance(model.provenance, Described | LocalFile)
    if model.known_parameters is not None and not model.note:
        assert model.parameters == pytest.approx(model.known_parameters, rel=0.002)


def test_notes_are_few() -> None:
    noted = [name for name in NAMES if find_model(name).value.note]
    assert len(noted) < len(NAMES) / 8


@pytest.mark.parametrize("name", MEASURED)
def test_measured_model_resolves(name: str) -> None:
    model = find_model(name).value
    assert model.name == name or model.name.lower() == name.lower()
    assert find_weight_format(model.weights)


@pytest.mark.parametrize("name", UNKNOWN_STRUCTURE)
def test_structure_that_nobody_published_is_unknown(name: str) -> None:
    assert knows_model(name) is None
    with pytest.raises(Unknown, match="neither catalog nor cache"):
        find_model(name)


@pytest.mark.parametrize("name", QUICKSTART)
def test_models_of_the_quick_start_are_known_by_their_full_and_bare_names(name: str) -> None:
    assert knows_model(name) is not None
    assert knows_model(name.rpartition("/")[2].upper()) == knows_model(name)


def test_granite_is_counted_exactly() -> None:
    assert find_model("ibm-granite/granite-3.0-8b-base").value.parameters == 8_170_848_256


def test_index_is_what_the_structures_say() -> None:
    assert (FOLDER / "index.json").read_text("utf-8") == build_index()


def test_every_format_in_the_index_exists() -> None:
    for name in {form for _, form in index().values() if form}:
        assert find_weight_format(name).name


def test_alias_keeps_its_name_and_its_format() -> None:
    model = find_model("nvidia/deepseek-v3.1-nvfp4").value
    assert (model.name, model.weights) == ("nvidia/DeepSeek-V3.1-NVFP4", "nvfp4")
    assert find_model("deepseek-r1").value.layers == find_model("deepseek-v3").value.layers


def test_context_and_cache_format_of_an_alias_hold_for_it_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = structure("qwen3-8b")
    aliases = tuple(
        evolve(each, max_context=1024, kv_cache="fp8") if each.name == "Qwen/Qwen3-8B-FP8" else each
        for each in own.aliases
    )
    changed = evolve(own, aliases=aliases, rotary_table=own.rotary_elements)
    monkeypatch.setattr("sizer.catalog.models.structure", lambda _: changed)
    alias, derived = find_model("Qwen3-8B-FP8").value, find_model("x/Qwen3-8B-FP8-dynamic").value
    assert (alias.max_context, alias.kv_cache) == (1024, "fp8")
    assert alias.rotary_elements == own.rotary_elements * 1024 // own.max_context
    assert (derived.max_context, derived.kv_cache) == (1024, None)
    plain = find_model("Qwen/Qwen3-8B").value
    assert (plain.max_context, plain.kv_cache) == (own.max_context, None)


@pytest.mark.parametrize(
    ("name", "kind", "stated"),
    [
        ("deepseek-ai/DeepSeek-V3", "checkpoint", True),
        ("TinyLlama-1.1B-Chat-v1.0", "table", True),
        ("tiiuae/falcon-40b", "table", False),
        ("facebook/opt-125m", "class default", False),
        ("bigscience/bloom-1b1", "recalled", False),
        ("someone/falcon-40b-BF16", "table", True),
        ("someone/opt-125m-FP8", "class default", True),
    ],
)
def test_an_entry_says_where_it_is_from_and_whether_that_states_its_format(
    name: str, kind: str, *, stated: bool
) -> None:
    model = find_model(name).value
    assert (model.provenance.kind, model.states_weights) == (kind, stated)


def test_quantised_name_that_nobody_listed_is_read_by_its_ending_and_says_so() -> None:
    found = find_model("someone/Qwen3-14B-quantized.w4a16")
    assert found.value.weights == "int4"
    assert found.note is not None
    assert "qwen3-14b in int4" in found.note


@pytest.mark.parametrize(
    ("name", "stem", "form"),
    [
        ("nvidia/DeepSeek-R1-0528-FP4-v2", "deepseek-v3", "nvfp4"),
        ("amd/DeepSeek-R1-0528-MXFP4-Preview", "deepseek-v3", "mxfp4"),
        ("amd/Llama-2-70b-chat-hf_FP8_MLPerf_V2", "llama-2-70b-hf", "fp8"),
        ("someone/Qwen3-8B-AWQ-INT4", "qwen3-8b", "awq"),
        ("someone/Qwen3-8B-GPTQ-Int8", "qwen3-8b", "int8"),
        ("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-FP8", None, "fp8"),
    ],
)
def test_endings_of_a_name_are_read_from_its_end(name: str, stem: str | None, form: str) -> None:
    found = find_model(name)
    assert found.value.weights == form
    assert found.note
    assert knows_model(name) == (stem or knows_model("NVIDIA-Nemotron-3-Nano-30B-A3B-BF16"))


def test_a_revision_alone_may_be_another_model() -> None:
    assert knows_model("Qwen/Qwen3-8B-v2") is None


def test_wrong_name_gets_suggestions() -> None:
    with pytest.raises(Unknown) as caught:
        find_model("Qwen/Qwen2.5-7BB")
    assert "qwen/qwen2.5-7b" in caught.value.suggestions
    assert suggestions("llama-3.1-8") != ()


def test_config_file_and_its_folder_are_models(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    shutil.copy(CONFIGS / "llama-3.1-8b.json", tmp_path / "mine" / "config.json")
    by_file = find_model("mine/config.json", tmp_path).value
    by_folder = find_model("mine", tmp_path).value
    assert by_file.parameters == by_folder.parameters == 8_030_261_248


@pytest.mark.parametrize("name", ["missing.json", ".", "x" * 5000, "a\0b", "", "a\0b.json"])
def test_path_that_is_no_config_is_unknown(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unknown):
        find_model(name, tmp_path)


def test_looking_a_name_up_reads_no_toml() -> None:
    code = (
        "import sys; from sizer.catalog.models import knows_model; "
        "assert knows_model('mistralai/Mixtral-8x7B-v0.1'); "
        "print(sorted({'cattrs', 'tomllib', 'numpy', 'planner'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []


def test_model_by_hand_has_the_stated_total() -> None:
    model = by_hand("mine", 7.3, 32, 4096, 32, 8, 32_000, 8192)
    assert model.parameters == 7_300_000_000
    assert (model.layer_count, model.max_context, model.attention) == (32, 8192, "gqa")


@pytest.mark.parametrize(
    ("total", "layers", "hidden", "heads"),
    [
        (1.5, 28, 1536, 16),
        (7.0, 32, 4096, 32),
        (13.0, 40, 5120, 40),
        (33.0, 60, 6656, 64),
        (70.0, 80, 8192, 64),
        (180.0, 80, 14_848, 64),
        (405.0, 126, 16_384, 128),
    ],
)
def test_model_by_hand_can_be_split_like_a_published_one(
    total: float, layers: int, hidden: int, heads: int
) -> None:
    model = by_hand("mine", total, layers, hidden, heads)
    assert model.parameters == round(total * 1e9)
    form = find_weight_format("bf16")
    assert [tp for tp in (1, 2, 4, 8) if refusal(model, form, tp)] == []


def test_model_by_hand_without_kv_heads_has_one_for_each_head() -> None:
    assert by_hand("mine", 7.0, 32, 4096, 32).attention == "mha"


@pytest.mark.parametrize(
    ("total", "heads", "kv_heads", "said"),
    [(0.5, 32, 8, "too few"), (7.0, 33, None, "do not divide"), (7.0, 32, 5, "do not divide")],
)
def test_model_by_hand_that_cannot_be_is_refused(
    total: float, heads: int, kv_heads: int | None, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        by_hand("mine", total, 32, 4096, heads, kv_heads)
