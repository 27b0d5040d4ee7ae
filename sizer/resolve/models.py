"""Models that a profile asks for, in every format that it asks for."""

from __future__ import annotations

from pathlib import Path

from sizer.catalog.description import by_hand
from sizer.catalog.formats import find_kv_format, find_weight_format, own_cache
from sizer.catalog.lookup import Found
from sizer.catalog.override import overridden
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.asked.profile import ModelAsk
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.format import KvFormat, WeightFormat
from sizer.schema.facts.model import Model


def structure_of(asked: ModelAsk, folder: Path | None, facts: Facts = CATALOG) -> Found[Model]:
    """Return the model's structure, from the catalog, a config.json or hand-written fields.

    Numbers beside a name replace those of the model; the note says which.
    Raises Unknown for a name nobody knows, ValueError for fields that contradict each other.
    """
    if not asked.by_hand:
        found = facts.model(asked.name, folder)
        model, replaced = overridden(found.value, asked)
        notes = [found.note, *replaced] if found.note else replaced
        return Found(model, "; ".join(notes) or None, found.revision)
    return Found(
        by_hand(
            asked.name,
            asked.num_parameters or 0.0,
            asked.num_layers or 0,
            asked.hidden_size or 0,
            asked.num_attention_heads or 0,
            asked.num_kv_heads,
            asked.vocab_size,
            asked.max_sequence_length,
        ),
        None,
    )


def weight_formats(asked: ModelAsk, model: Model) -> list[WeightFormat]:
    """Return the weight formats to try, each once; `auto` is the checkpoint's own.

    A format of which the checkpoint has a variant is that variant: `int4` of a checkpoint in
    groups of 32 has groups of 32.
    """
    own = find_weight_format(model.weights)
    asked_for = (own if name == "auto" else find_weight_format(name) for name in asked.weights)
    formats = (own if each.name == own.variant_of else each for each in asked_for)
    return list({each.name: each for each in formats}.values())


def kv_formats(
    asked: ModelAsk, model: Model, weights: WeightFormat, engine: Engine
) -> list[KvFormat]:
    """Return the cache formats to try, each once; `auto` is what the engine takes unasked."""
    own = own_cache(model, weights, engine)
    names = [own if name == "auto" else name for name in asked.kv_format]
    formats = (find_kv_format(name) for name in names)
    return list({each.name: each for each in formats}.values())
