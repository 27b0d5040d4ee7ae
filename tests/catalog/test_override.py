"""Numbers of a known model in place of its own: what follows from each, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.catalog.description import by_hand
from sizer.catalog.models import find_model, model_names
from sizer.catalog.override import overridden
from sizer.schema.asked.profile import ModelAsk
from sizer.schema.facts.model import Model

LLAMA = "meta-llama/Llama-3.1-8B"
KNOWN = [LLAMA, "mistralai/Mixtral-8x7B-v0.1", "deepseek-ai/DeepSeek-V3", "google/gemma-3-27b-it"]


def changed(name: str = LLAMA, **fields: Any) -> tuple[Model, tuple[str, ...]]:
    return overridden(find_model(name).value, ModelAsk(name, **fields))


@pytest.mark.parametrize("name", KNOWN)
def test_nothing_asked_changes_nothing(name: str) -> None:
    model = find_model(name).value
    assert changed(name) == (model, ())
    assert changed(name, max_sequence_length=model.max_context) == (model, ())


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("max_sequence_length", 65_536, "max_sequence_length = 65,536 in place of 131,072"),
        ("num_layers", 16, "num_layers = 16 in place of 32"),
        ("hidden_size", 2048, "hidden_size = 2,048 in place of 4,096"),
        ("num_attention_heads", 16, "num_attention_heads = 16 in place of 32"),
        ("num_kv_heads", 4, "num_kv_heads = 4 in place of 8"),
        ("vocab_size", 64_000, "vocab_size = 64,000 in place of 128,256"),
        ("num_parameters", 9.0, "num_parameters = 9.0 in place of 8.03"),
    ],
)
def test_each_number_is_replaced_and_named(field: str, value: float, said: str) -> None:
    model, notes = changed(**{field: value})
    [note] = notes
    assert note.startswith(f"{LLAMA}: {said}")
    again, none = overridden(model, ModelAsk(LLAMA, **{field: value}))
    assert (again, none) == (model, ())


def test_a_plain_model_follows_its_numbers_as_one_that_has_them() -> None:
    """A model described by hand, then changed, is the one described with the changed numbers."""
    numbers = {"num_layers": 32, "hidden_size": 4096, "num_attention_heads": 32}
    model = by_hand("ours", 7.0, *numbers.values(), 8, 32_000, 4096)
    fewer, _ = overridden(model, ModelAsk("ours", num_layers=16))
    outside = model.embedding_parameters + model.head_parameters + model.final_norm_parameters
    assert fewer.parameters - outside == pytest.approx((model.parameters - outside) / 2, rel=1e-6)
    shared, _ = overridden(model, ModelAsk("ours", num_kv_heads=32))
    assert shared.parameters - model.parameters == 32 * 2 * 24 * 128 * 4096
    longer, _ = overridden(model, ModelAsk("ours", vocab_size=64_000))
    assert longer.parameters - model.parameters == 2 * 32_000 * 4096


def test_layers_keep_the_proportion_of_their_shapes() -> None:
    model = find_model("google/gemma-3-27b-it").value
    half, _ = changed("google/gemma-3-27b-it", num_layers=model.layer_count // 2)
    assert half.layer_count == model.layer_count // 2
    for before, after in zip(model.layers, half.layers, strict=True):
        assert after.count == pytest.approx(before.count / 2, abs=1)


@given(st.sampled_from(KNOWN), st.floats(0.5, 3.0))
def test_a_total_of_parameters_is_exact(name: str, factor: float) -> None:
    billions = find_model(name).value.parameters * factor / 1e9
    model, _ = changed(name, num_parameters=billions)
    assert model.parameters == round(billions * 1e9)
    assert model.active_parameters <= model.parameters


@pytest.mark.parametrize("name", model_names())
def test_every_model_of_the_catalog_takes_another_context_total_and_vocabulary(name: str) -> None:
    model = find_model(name).value
    asked = ModelAsk(
        name,
        max_sequence_length=model.max_context + 1,
        vocab_size=model.vocab_size + 128,
        num_parameters=8.0 * model.parameters / 1e9,
        num_layers=2 * model.layer_count,
        hidden_size=2 * model.hidden_size,
    )
    found, notes = overridden(model, asked)
    assert found.max_context == model.max_context + 1
    assert found.layer_count == 2 * model.layer_count
    assert found.parameters == round(8 * model.parameters)
    assert len(notes) == 5


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        (LLAMA, {"num_kv_heads": 5}, "5 key and value heads do not divide 32 heads"),
        (LLAMA, {"num_parameters": 0.5}, "0.5 billion parameters are too few"),
        ("deepseek-ai/DeepSeek-V3", {"num_kv_heads": 8}, "no layer of plain attention"),
    ],
)
def test_what_cannot_be_is_refused(name: str, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        changed(name, **fields)
