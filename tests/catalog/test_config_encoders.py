"""Encoders: counts by hand, published totals, and that they keep no cache."""

from __future__ import annotations

from typing import Any

import pytest

from sizer.catalog.config_json import read_config
from sizer.catalog.models import find_model
from sizer.estimate import estimate
from sizer.resolve.points import placed, scenario_of_points
from sizer.schema.asked.point import Point

BERT: dict[str, Any] = {
    "architectures": ["BertModel"],
    "model_type": "bert",
    "hidden_size": 8,
    "intermediate_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "max_position_embeddings": 16,
    "type_vocab_size": 2,
    "vocab_size": 100,
    "torch_dtype": "float32",
}


def test_berts_parameters_by_hand() -> None:
    """Tables (100 + 16 + 2) x 8 and a normalisation of 16; a pooler of 8 x 8 + 8.

    A layer: four matrices of 8 x 8 with biases, 8 x 32 up and 32 x 8 down with theirs, and two
    normalisations of 16.
    """
    layer = 4 * (64 + 8) + (256 + 32) + (256 + 8) + 2 * 16
    assert read_config(BERT, "x").parameters == 118 * 8 + 16 + 3 * layer + 64 + 8


def test_robertas_positions_start_behind_the_padding_and_its_labels_are_counted() -> None:
    labels = {"id2label": {"0": "NO", "1": "YES", "2": "MAYBE"}, "pad_token_id": 1}
    changed = {"model_type": "roberta", "architectures": ["RobertaForSequenceClassification"]}
    found = read_config({**BERT, **changed, **labels}, "x")
    assert (found.max_context, found.task) == (14, "classify")
    plain = read_config(BERT, "x")
    assert found.parameters - plain.parameters == 3 * (8 + 1)


def test_modernbert_by_hand() -> None:
    """A layer: four matrices of 8 x 8, three of 8 x 32, two norms of 8, the first layer one."""
    config = {**BERT, "model_type": "modernbert", "architectures": ["ModernBertModel"]}
    found = read_config({**config, "global_attn_every_n_layers": 2, "local_attention": 4}, "x")
    assert found.parameters == 800 + 8 + 3 * (4 * 64 + 3 * 256) + 5 * 8 + 8
    windows = [each.attention.window for each in found.layers for _ in range(each.count)]
    assert sorted(windows, key=str) == [4, None, None]


def test_gtes_new_layers_by_hand() -> None:
    """A layer: four matrices of 8 x 8 with biases, three of 8 x 32 with one bias, two norms of 16.

    Beside them a table, a kind of text, a norm, and a label of tokens.
    """
    config = {**BERT, "model_type": "new", "type_vocab_size": 1, "position_embedding_type": "rope"}
    labels = {"architectures": ["NewModel", "NewForTokenClassification"], "num_labels": 1}
    found = read_config({**config, **labels, "auto_map": {"AutoModel": "modeling.NewModel"}}, "x")
    layer = 4 * (64 + 8) + 3 * 256 + 8 + 2 * 16
    assert found.parameters == 800 + 8 + 16 + 3 * layer + (8 + 1)
    assert (found.task, found.is_encoder) == ("embed", True)


NOMIC: dict[str, Any] = {
    "architectures": ["NomicBertModel"],
    "model_type": "nomic_bert",
    "n_embd": 768,
    "n_head": 12,
    "n_layer": 12,
    "n_inner": 3072,
    "vocab_size": 30_528,
    "type_vocab_size": 2,
    "n_positions": 8192,
    "max_trained_positions": 2048,
    "activation_function": "swiglu",
    "qkv_proj_bias": False,
    "mlp_fc1_bias": False,
    "mlp_fc2_bias": False,
}


def test_nomic_embeds_parameters_are_those_of_its_checkpoint() -> None:
    found = read_config(NOMIC, "nomic-ai/nomic-embed-text-v1.5")
    assert found.parameters == 136_731_648
    assert (found.max_context, found.task) == (2048, "embed")


def test_a_nomic_bert_with_experts_is_refused() -> None:
    with pytest.raises(ValueError, match="experts is not read"):
        read_config({**NOMIC, "moe_every_n_layers": 2}, "x")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("BAAI/bge-large-en-v1.5", 335_141_888),  # keras-hub@71453d08, presets
        ("BAAI/bge-m3", 567_754_752),  # 566,702,080 of keras-hub, two rows, a kind and a pooler
        ("sentence-transformers/all-MiniLM-L6-v2", 22_713_216),
        ("Alibaba-NLP/gte-modernbert-base", 149_014_272),
        ("Alibaba-NLP/gte-multilingual-base", 305_369_089),  # its safetensors
    ],
)
def test_published_totals(name: str, parameters: int) -> None:
    assert find_model(name).value.parameters == parameters


@pytest.mark.parametrize(
    ("name", "form"),
    [("BAAI/bge-m3", "fp16"), ("ibm-granite/granite-embedding-125m-english", "bf16")],
)
def test_thirty_two_bit_is_loaded_as_fp16(name: str, form: str) -> None:
    assert find_model(name).value.weights == form


def test_an_encoder_has_weights_and_no_cache() -> None:
    (found,) = placed([Point("BAAI/bge-m3", "L4", max_context=8192)])
    assert not isinstance(found, str | None)
    table = estimate(scenario_of_points([found]), ("weights_gib", "kv_bytes_per_token"))
    assert table["weights_gib"].cell(0) == pytest.approx(2 * 567_754_752 / 2**30, rel=1e-3)
    assert table["kv_bytes_per_token"].cell(0) == 0
