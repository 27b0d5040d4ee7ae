"""A Hugging Face config.json as a model's structure, with exact parameter counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sizer.catalog.config.attention import truth
from sizer.catalog.config.cache_format import stated_cache
from sizer.catalog.config.draft import draft_parameters
from sizer.catalog.config.encoders import ENCODERS, encoder
from sizer.catalog.config.families import Family, family_of
from sizer.catalog.config.fields import VOCABULARY, Fields, fields_of
from sizer.catalog.config.gemma4 import per_layer_table
from sizer.catalog.config.layers import grouped, layers_of
from sizer.catalog.config.parts.part_formats import stored_parts
from sizer.catalog.config.positions import rotary_table
from sizer.catalog.config.vision import vision_parameters
from sizer.catalog.config.weights import scale_block, weights_format
from sizer.schema.asked.tasks import Task
from sizer.schema.facts.model import Model, StoredPart, Uncounted
from sizer.schema.facts.provenance import LocalFile

_WRITERS = ("AutoModelForCausalLM", "AutoModelForSeq2SeqLM")
IMAGE_ROWS = 8  # rows of Llama 3.2 Vision's table beyond its vocabulary


def read_config(config: Mapping[str, Any], name: str, family: Family | None = None) -> Model:
    """Return the structure that a config.json describes, by conventions of its family or others.

    Raises ValueError naming the field that cannot be read, UnknownFamily its `model_type`.
    """
    try:
        return _read(config, name, family)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"config of {name}: a field has an unexpected shape: {error!r}") from error


def _read(config: Mapping[str, Any], name: str, conventions: Family | None) -> Model:
    task = stated_task(config)
    if config.get("model_type") in ENCODERS:
        return encoder(config, name, task)
    fields = fields_of(config, name)
    family = conventions or family_of(fields.family, name)
    vocabulary, hidden = fields.positive(*VOCABULARY), fields.hidden
    tied = _tied(fields, family)
    image_rows = IMAGE_ROWS if fields.family == "mllama_text_model" else 0
    tower = vision_parameters(config, hidden)
    sequence = layers_of(fields, family)
    layers = grouped(sequence)
    head = _head(fields, family, tied=tied, vocabulary=vocabulary)
    embedding = (vocabulary + image_rows) * hidden
    form = weights_format(config, name)
    draft = draft_parameters(fields, layers, embedding + head)
    parts = stored_parts(config, fields.family, sequence, form)
    cache, author = stated_cache(config)
    return Model(
        name=name,
        family=str(config.get("model_type") or fields.family),
        hidden_size=hidden,
        vocab_size=vocabulary,
        max_context=fields.context,
        layers=layers,
        embedding_parameters=embedding,
        head_parameters=head,
        provenance=LocalFile(name),
        tied_embeddings=tied,
        final_norm_parameters=hidden * family.norm_terms if family.norms else 0,
        other_parameters=_tables(fields, family) + (tower or 0),
        weights=form,
        kv_cache=cache,
        kv_cache_by=author,
        scale_block=scale_block(config),
        stored=tuple(
            StoredPart(name, form, *part) for part in parts if draft or part[0] != "draft"
        ),
        rotary_table=rotary_table(fields, family),
        draft_parameters=draft,
        encoder_parameters=tower or 0,
        task=task,
        residual_streams=fields.count("hc_mult", default=1),
        uncounted=() if tower is not None else (Uncounted("vision tower", "weights"),),
    )


def _tied(fields: Fields, family: Family) -> bool:
    for table in (fields.inner, fields.outer):
        if isinstance(table.get("tie_word_embeddings"), bool):
            return bool(table["tie_word_embeddings"])
    return family.tied


def _head(fields: Fields, family: Family, *, tied: bool, vocabulary: int) -> int:
    bias = vocabulary if truth(family.head_bias, fields) else 0
    return bias if tied else vocabulary * fields.hidden + bias


def _tables(fields: Fields, family: Family) -> int:
    """Return parameters outside the layers that are looked up or touched once."""
    total = family.embedding_norms * family.norm_terms * fields.hidden
    if family.position_rows is not None:
        total += (fields.context + family.position_rows) * fields.hidden
    return total + (per_layer_table(fields) if fields.family == "gemma4_text" else 0)


def stated_task(config: Mapping[str, Any]) -> Task:
    """Return what a config.json says a model is made for; `generate` where it says nothing.

    A class without a head gives vectors, as `MistralModel` does; transformers names its heads
    `ForCausalLM`, `ForSequenceClassification` and the like. Code of a model's own that maps a
    language model writes text, whatever its class is called. A classifier of one label ranks texts
    (michaelfeil/infinity, inference/select_model.py, get_engine_type_from_config).
    """
    encodes = config.get("model_type") in ENCODERS
    mapped = config.get("auto_map")
    if not encodes and isinstance(mapped, Mapping) and any(each in mapped for each in _WRITERS):
        return "generate"
    stated = config.get("architectures")
    named = [each for each in stated if isinstance(each, str)] if isinstance(stated, list) else []
    tasks = [_task_of(each, config) for each in named]
    if encodes:
        return "embed" if not tasks or tasks[0] == "generate" else tasks[0]
    return tasks[0] if len(set(tasks)) == 1 else "generate"


def _task_of(architecture: str, config: Mapping[str, Any]) -> Task:
    if architecture.endswith("ForSequenceClassification") and _labels(config) == 1:
        return "rerank"
    if architecture.endswith(("Classification", "RewardModel")):
        return "classify"
    headless = architecture.endswith("Model") and "LMHead" not in architecture
    return "embed" if headless or architecture.endswith("ForMaskedLM") else "generate"


def _labels(config: Mapping[str, Any]) -> int:
    """Return how many labels are told apart: transformers takes two where nothing is said."""
    named = config.get("id2label")
    if isinstance(named, Mapping):
        return len(named)
    stated = config.get("num_labels")
    return stated if isinstance(stated, int) else 2
