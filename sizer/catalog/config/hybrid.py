"""Layers of models that mix attention with a constant state."""

from __future__ import annotations

from collections.abc import Iterable

from sizer.catalog.config import mlp as feed_forward
from sizer.catalog.config.attention import latent, softmax
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields
from sizer.catalog.config.recurrent import delta_net, kimi_delta, mamba, mamba2
from sizer.catalog.config.sparsity import sparse_layers
from sizer.schema.facts.model import Attention, LayerGroup, Mlp

LETTERS = {"M": "mamba", "E": "moe", "*": "attention", "-": "mlp"}


def jamba_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return Jamba's layers: every `attn_layer_period`-th attends, the others are Mamba."""
    period, offset = fields.count("attn_layer_period"), fields.count("attn_layer_offset")
    for layer, routed in enumerate(sparse_layers(fields)):
        attends = layer % period == offset
        mixer = softmax(fields, family, None) if attends else mamba(fields)
        part = feed_forward.sparse if routed else feed_forward.dense
        yield LayerGroup(1, mixer, part(fields, family), family.norms * fields.hidden)


def granite_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return Granite 4's layers: Mamba-2 or attention, a shared feed-forward, maybe experts."""
    kinds = fields.listed("layer_types", fields.layers)
    if kinds is None:
        raise fields.fault("`layer_types` is missing")
    routed = feed_forward.expert_count(fields)
    width = fields.count("shared_intermediate_size")
    part = (
        feed_forward.sparse(fields, family) if routed else feed_forward.dense(fields, family, width)
    )
    for kind in kinds:
        mixer = mamba2(fields) if kind == "mamba" else softmax(fields, family, None)
        yield LayerGroup(1, mixer, part, family.norms * fields.hidden)


def falcon_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return Falcon-H1's layers: Mamba-2 and attention side by side, then one feed-forward.

    A layer stands here as two, the state's without a feed-forward of its own.
    """
    part = feed_forward.dense(fields, family)
    for _ in range(fields.layers):
        yield LayerGroup(1, mamba2(fields), Mlp())
        mixer = softmax(fields, family, None)
        yield LayerGroup(1, mixer, part, family.norms * fields.hidden)


def linear_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return layers of linear attention with a full one here and there (Qwen3-Next, Kimi)."""
    for full, routed in zip(_full(fields), sparse_layers(fields), strict=True):
        part = feed_forward.sparse if routed else feed_forward.dense
        mixer = _full_mixer(fields, family) if full else _linear_mixer(fields)
        yield LayerGroup(1, mixer, part(fields, family), family.norms * fields.hidden)


def _full(fields: Fields) -> list[bool]:
    kinds = fields.listed("layer_types", fields.layers)
    if kinds is not None:
        return [kind == "full_attention" for kind in kinds]
    named = fields.section("linear_attn_config").inner.get("full_attn_layers")
    if named is not None:
        return [layer + 1 in named for layer in range(fields.layers)]
    period = fields.count("full_attention_interval", default=4)
    return [(layer + 1) % period == 0 for layer in range(fields.layers)]


def _full_mixer(fields: Fields, family: Family) -> Attention:
    if fields.family == "kimi_linear":
        return latent(fields)
    return softmax(fields, family, None)


def _linear_mixer(fields: Fields) -> Attention:
    return kimi_delta(fields) if fields.family == "kimi_linear" else delta_net(fields)


def nemotron_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return Nemotron-H's layers, each one mixer or one feed-forward with one norm."""
    norms = family.norms * fields.hidden
    for kind in _nemotron_kinds(fields):
        mixer, part = Attention(kind="none"), Mlp()
        if kind == "mamba":
            mixer = mamba2(fields)
        elif kind == "attention":
            mixer = softmax(fields, family, None)
        elif kind == "moe":
            part = feed_forward.sparse(fields, family)
        else:
            part = feed_forward.dense(fields, family)
        yield LayerGroup(1, mixer, part, norms)


def _nemotron_kinds(fields: Fields) -> list[str]:
    pattern = fields.inner.get("hybrid_override_pattern") or fields.inner.get("layers_block_type")
    if not pattern:
        raise fields.fault("`hybrid_override_pattern` is missing")
    kinds = [LETTERS.get(kind, kind) for kind in pattern]
    strange = set(kinds) - set(LETTERS.values())
    if strange:
        raise fields.fault(f"unknown kinds of layer: {', '.join(sorted(strange))}")
    return kinds
