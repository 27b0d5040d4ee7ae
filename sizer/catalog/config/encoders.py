"""Encoders, which read a text both ways at once: BERT, RoBERTa, ModernBERT, GTE, NomicBERT.

Each layer attends to the whole text, or to a window of it, and keeps no cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sizer.catalog.config.fields import VOCABULARY, Fields, fields_of
from sizer.catalog.config.layers import grouped
from sizer.catalog.config.rotary_encoders import (
    ROTARY,
    rotary_context,
    rotary_layers,
    rotary_rest,
)
from sizer.catalog.config.weights import quantisation, weights_format
from sizer.schema.asked.tasks import Task
from sizer.schema.facts.model import Attention, LayerGroup, Mlp, Model
from sizer.schema.facts.provenance import LocalFile

BERT = frozenset({"bert"})
ROBERTA = frozenset({"camembert", "roberta", "xlm-roberta"})
MODERN = frozenset({"modernbert"})
READ = BERT | ROBERTA | MODERN | ROTARY
# Families that read a text both ways at once; whatever stands on top, none writes one.
ENCODERS = READ | frozenset(
    [
        "albert",
        "deberta",
        "deberta-v2",
        "distilbert",
        "electra",
        "ernie",
        "eurobert",
        "mpnet",
        "xlm-roberta-xl",
    ]
)
NORM = 2  # vectors of a normalisation with a bias
GLOBAL_EVERY = 3  # ModernBERT's class default
LOCAL = 128


def encoder(config: Mapping[str, Any], name: str, task: Task) -> Model:
    """Return the structure of an encoder.

    Sources of the counts: transformers' BertModel, RobertaModel and ModernBertModel. Raises
    ValueError for a family, or a variant of one, that is not read.
    """
    fields = fields_of(config, name)
    if fields.family not in READ or _is_changed(config):
        said = "an encoder that sizer does not read"
        raise ValueError(f"config of {name}: {config.get('model_type')!r} is {said}")
    modern = fields.family in MODERN
    layers = grouped(_layers_of(fields))
    return Model(
        name=name,
        family=fields.family,
        hidden_size=fields.hidden,
        vocab_size=fields.positive(*VOCABULARY),
        max_context=_context(fields),
        layers=layers,
        embedding_parameters=fields.positive(*VOCABULARY) * fields.hidden,
        head_parameters=0,
        provenance=LocalFile(name),
        final_norm_parameters=fields.hidden if modern else 0,
        other_parameters=_rest(fields),
        weights=_format(config, name),
        rotary_table=None if modern or fields.family in ROTARY else 0,
        task=task,
    )


def _layers_of(fields: Fields) -> Iterator[LayerGroup]:
    if fields.family in ROTARY:
        return rotary_layers(fields)
    return _modern_layers(fields) if fields.family in MODERN else _layers(fields)


def _rest(fields: Fields) -> int:
    """Return what is neither the table of words nor a layer."""
    if fields.family in ROTARY:
        return rotary_rest(fields)
    if fields.family in MODERN:
        return _modern_rest(fields)
    return _tables(fields) + _top(fields)


def _layers(fields: Fields) -> Iterator[LayerGroup]:
    """Yield BERT's layers: matrices with biases, a normalisation behind each part."""
    hidden, width = fields.hidden, fields.positive("intermediate_size")
    mixer = _mixer(fields, 4 * hidden * (hidden + 1))
    part = Mlp(width=width, dense_parameters=2 * hidden * width + width + hidden)
    for _ in range(fields.layers):
        yield LayerGroup(1, mixer, part, 2 * NORM * hidden)


def _modern_layers(fields: Fields) -> Iterator[LayerGroup]:
    """Yield ModernBERT's layers: gated, without biases, most with a window; the first lacks a norm.

    A window of `local_attention` tokens is half of them to each side.
    """
    hidden, width = fields.hidden, fields.positive("intermediate_size")
    if fields.flag("attention_bias") or fields.flag("mlp_bias") or fields.flag("norm_bias"):
        raise fields.fault("a ModernBERT with biases is not read")
    period = fields.count("global_attn_every_n_layers", default=GLOBAL_EVERY)
    local = fields.count("local_attention", default=LOCAL)
    part = Mlp(width=width, dense_parameters=3 * hidden * width)
    for layer in range(fields.layers):
        window = local if layer % period else None
        mixer = _mixer(fields, 4 * hidden * hidden, window)
        yield LayerGroup(1, mixer, part, hidden if layer == 0 else 2 * hidden)


def _mixer(fields: Fields, parameters: int, window: int | None = None) -> Attention:
    heads, width = fields.heads, fields.hidden // fields.heads
    return Attention(
        heads=heads,
        kv_heads=heads,
        head_dim=width,
        v_head_dim=width,
        window=window,
        cached=False,
        parameters=parameters,
    )


def _context(fields: Fields) -> int:
    """Return the longest text; RoBERTa's rows of positions start behind its padding."""
    if fields.family in ROTARY:
        return rotary_context(fields)
    if fields.family in ROBERTA:
        return fields.context - fields.count("pad_token_id", default=1) - 1
    return fields.context


def _tables(fields: Fields) -> int:
    """Return the rows of positions and kinds of text, and their normalisation."""
    kinds = fields.count("type_vocab_size", default=2)
    return (fields.context + kinds + NORM) * fields.hidden


def _top(fields: Fields) -> int:
    """Return what stands on top: a pooler, with labels a classifier, or the guess of a word."""
    hidden = fields.hidden
    dense = hidden * (hidden + 1)
    if _ends(fields, "ForSequenceClassification"):
        return dense + _labels(fields) * (hidden + 1)
    if _ends(fields, "ForMaskedLM"):
        return dense + NORM * hidden + fields.positive(*VOCABULARY)
    return dense


def _modern_rest(fields: Fields) -> int:
    """Return the normalisation of the table, and what stands on top of ModernBERT."""
    hidden = fields.hidden
    head = hidden * hidden + hidden
    if _ends(fields, "ForSequenceClassification"):
        return hidden + head + _labels(fields) * (hidden + 1)
    if _ends(fields, "ForMaskedLM"):
        return hidden + head + fields.positive(*VOCABULARY)
    return hidden


def _labels(fields: Fields) -> int:
    named = fields.outer.get("id2label")
    return len(named) if isinstance(named, Mapping) else fields.count("num_labels", default=2)


def _ends(fields: Fields, ending: str) -> bool:
    stated = fields.outer.get("architectures")
    return isinstance(stated, list) and any(str(each).endswith(ending) for each in stated)


def _is_changed(config: Mapping[str, Any]) -> bool:
    """Return whether code of the model's own, or positions of another kind, change the layers."""
    positions = config.get("position_embedding_type") or "absolute"
    if config.get("model_type") in ROTARY:
        return positions not in {"absolute", "rope"} or bool(config.get("prenorm"))
    return "auto_map" in config or "feed_forward_type" in config or positions != "absolute"


def _format(config: Mapping[str, Any], name: str) -> str:
    """Return the weight format; vLLM loads an encoder of 32 bit as fp16.

    Source: vllm-project/vllm, config/model.py, `_resolve_auto_dtype` of a pooling model.
    """
    stated = config.get("torch_dtype") or config.get("dtype") or "float32"
    if quantisation(config) is None and stated == "float32":
        return "fp16"
    return weights_format(config, name)
