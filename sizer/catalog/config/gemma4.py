"""Layers of Gemma 4: wide heads in full layers, shared caches, per-layer inputs."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from sizer.catalog.config import mlp as feed_forward
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields
from sizer.catalog.config.windows import windows
from sizer.schema.facts.model import Attention, LayerGroup, Mlp


def gemma4_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return Gemma 4's layers; the last `num_kv_shared_layers` use the caches of others."""
    first_shared = fields.layers - fields.count("num_kv_shared_layers", default=0)
    for layer, window in enumerate(windows(fields, family)):
        shared = layer >= first_shared
        mixer = _attention(fields, window, shared=shared)
        yield LayerGroup(1, mixer, _mlp(fields, family, shared=shared), _norms(fields, family))


def per_layer_table(fields: Fields) -> int:
    """Return the parameters of the table of per-layer inputs, looked up and never multiplied."""
    width = fields.count("hidden_size_per_layer_input", default=0)
    if not width:
        return 0
    rows = fields.count("vocab_size_per_layer_input", "vocab_size")
    return rows * width * fields.layers + width


def _attention(fields: Fields, window: int | None, *, shared: bool) -> Attention:
    local = fields.count("num_key_value_heads")
    same = window is None and fields.flag("attention_k_eq_v")
    width = fields.count("head_dim") if window else fields.count("global_head_dim", "head_dim")
    kv_heads = fields.count("num_global_key_value_heads", default=local) if same else local
    query, key = fields.heads * width, kv_heads * width
    total = 2 * fields.hidden * query + width
    if not shared:
        total += fields.hidden * key * (1 if same else 2) + width
    return Attention(
        heads=fields.heads,
        kv_heads=kv_heads,
        head_dim=width,
        v_head_dim=width,
        window=window,
        cached=not shared,
        parameters=total,
    )


def _mlp(fields: Fields, family: Family, *, shared: bool) -> Mlp:
    double = 2 if shared and fields.flag("use_double_wide_mlp") else 1
    part = feed_forward.dense(fields, family, double * fields.count("intermediate_size"))
    inputs = 3 * fields.hidden * fields.count("hidden_size_per_layer_input", default=0)
    part = evolve(part, dense_parameters=part.dense_parameters + inputs)
    if not fields.flag("enable_moe_block"):
        return part
    routed = feed_forward.sparse(fields, family)
    scales = fields.hidden + routed.experts
    return evolve(
        routed,
        width=part.width,
        dense_parameters=part.dense_parameters,
        router_parameters=routed.router_parameters + scales,
    )


def _norms(fields: Fields, family: Family) -> int:
    vectors = family.norms
    vectors += 3 if fields.flag("enable_moe_block") else 0
    vectors += 1 if fields.count("hidden_size_per_layer_input", default=0) else 0
    layer_scalar = 1
    return vectors * fields.hidden + layer_scalar
