"""Layers of models whose layers differ in their widths, not only in kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from attrs import evolve

from sizer.catalog.config import mlp as feed_forward
from sizer.catalog.config.attention import counted, latent, softmax
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields
from sizer.catalog.config.sparsity import sparse_layers
from sizer.catalog.config.windows import windows
from sizer.schema.facts.model import Attention, LayerGroup, Mlp


def searched_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return the layers of Nemotron's architecture search, each with its own block config."""
    blocks = fields.listed("block_configs", fields.layers)
    if blocks is None:
        raise fields.fault("`block_configs` is missing")
    for block in blocks:
        mixer = _searched_attention(fields, family, block["attention"])
        part = _searched_mlp(fields, family, block["ffn"])
        norms = (mixer.kind != "none") + bool(part.dense_parameters)
        yield LayerGroup(1, mixer, part, norms * fields.hidden)


def _searched_attention(fields: Fields, family: Family, block: Mapping[str, Any]) -> Attention:
    if block.get("no_op"):
        return Attention(kind="none")
    if block.get("replace_with_linear"):
        return Attention(kind="linear", parameters=fields.hidden**2)
    heads = {"num_key_value_heads": fields.heads // block["n_heads_in_group"]}
    return softmax(evolve(fields, inner={**fields.inner, **heads}), family, None)


def _searched_mlp(fields: Fields, family: Family, block: Mapping[str, Any]) -> Mlp:
    if block.get("no_op"):
        return Mlp()
    if block.get("replace_with_linear"):
        return Mlp(width=fields.hidden, dense_parameters=fields.hidden**2)
    width = ceil(int(2 * block["ffn_mult"] * fields.hidden / 3) / 256) * 256
    return feed_forward.dense(fields, family, width)


def cross_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return Llama 3.2 Vision's layers; those that look at the image cache no text."""
    crossing = fields.inner.get("cross_attention_layers")
    if not isinstance(crossing, list):
        raise fields.fault("`cross_attention_layers` is missing")
    plain = softmax(fields, family, None)
    gates = 2
    crossed = evolve(plain, cached=False, parameters=plain.parameters + 2 * plain.head_dim + gates)
    part, norms = feed_forward.dense(fields, family), family.norms * fields.hidden
    for layer in range(fields.layers):
        yield LayerGroup(1, crossed if layer in crossing else plain, part, norms)


def mimo_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return MiMo-V2's layers; windowed ones have heads and sinks of their own."""
    for window, routed in zip(windows(fields, family), sparse_layers(fields), strict=True):
        part = feed_forward.sparse if routed else feed_forward.dense
        mixer = _mimo_attention(fields, family, window)
        yield LayerGroup(1, mixer, part(fields, family), family.norms * fields.hidden)


def _mimo_attention(fields: Fields, family: Family, window: int | None) -> Attention:
    kind = "swa_" if window else ""
    sinks = f"add_{'swa' if window else 'full'}_attention_sink_bias"
    shape = Attention(
        heads=fields.count(f"{kind}num_attention_heads"),
        kv_heads=fields.count(f"{kind}num_key_value_heads"),
        head_dim=fields.count(f"{kind}head_dim"),
        v_head_dim=fields.count(f"{kind}v_head_dim"),
        window=window,
    )
    return counted(shape, fields, evolve(family, sinks=fields.flag(sinks)))


def longcat_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return LongCat-Flash's layers: two attentions and dense parts around one routed part.

    A share of the router's choices are experts that do nothing; `experts_per_token` is the
    mean number of real ones.
    """
    hidden, idle = fields.hidden, fields.count("zero_expert_num", default=0)
    dense, routed = feed_forward.dense(fields, family), feed_forward.sparse(fields, family)
    real = round(routed.experts_per_token * routed.experts / (routed.experts + idle))
    both = evolve(
        dense,
        experts=routed.experts,
        experts_per_token=real,
        expert_width=routed.expert_width,
        expert_parameters=routed.expert_parameters,
        router_parameters=routed.router_parameters + idle * (hidden + 1),
    )
    for _ in range(fields.layers):
        yield LayerGroup(1, latent(fields), both, family.norms * hidden)
        yield LayerGroup(1, latent(fields), dense, family.norms * hidden)
