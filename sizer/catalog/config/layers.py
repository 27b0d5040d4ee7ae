"""The layers of a model, equal ones counted together."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import evolve

from sizer.catalog.config import mlp as feed_forward
from sizer.catalog.config.attention import latent, softmax
from sizer.catalog.config.block_sparse import block_sparse_layers
from sizer.catalog.config.compressed_attention import compressed_layers
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields
from sizer.catalog.config.gemma4 import gemma4_layers
from sizer.catalog.config.hybrid import (
    falcon_layers,
    granite_layers,
    jamba_layers,
    linear_layers,
    nemotron_layers,
)
from sizer.catalog.config.layer_widths import (
    cross_layers,
    longcat_layers,
    mimo_layers,
    searched_layers,
)
from sizer.catalog.config.recurrent import mamba, mamba2
from sizer.catalog.config.sparsity import sparse_layers
from sizer.catalog.config.windows import windows
from sizer.schema.facts.model import Attention, LayerGroup, Mlp


def layers_of(fields: Fields, family: Family) -> tuple[LayerGroup, ...]:
    """Return every layer in its place."""
    return tuple(PLANS.get(fields.family, ordinary_layers)(fields, family))


def grouped(layers: Iterable[LayerGroup]) -> tuple[LayerGroup, ...]:
    """Return groups of equal layers in order of first appearance."""
    counts: dict[LayerGroup, int] = {}
    for layer in layers:
        counts[layer] = counts.get(layer, 0) + 1
    return tuple(evolve(layer, count=count) for layer, count in counts.items())


def ordinary_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return layers of attention and a feed-forward, each dense or routed."""
    norms = residual_norms(fields, family)
    for window, routed in zip(windows(fields, family), sparse_layers(fields), strict=True):
        part = feed_forward.sparse if routed else feed_forward.dense
        yield LayerGroup(1, _attention(fields, family, window), part(fields, family), norms)


def residual_norms(fields: Fields, family: Family) -> int:
    """Return the parameters of a layer's normalisations of the residual."""
    norms = family.norms
    if fields.family == "falcon":
        one = not fields.flag("new_decoder_architecture") and fields.flag(
            "parallel_attn", default=True
        )
        norms = 1 if one else fields.count("num_ln_in_parallel_attn", default=2)
    return norms * family.norm_terms * fields.hidden


def _attention(fields: Fields, family: Family, window: int | None) -> Attention:
    if fields.count("kv_lora_rank", default=0):
        return latent(fields)
    return softmax(fields, family, window)


def _mamba_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    mixer = mamba2(fields) if fields.family == "mamba2" else mamba(fields)
    norms = family.norms * fields.hidden
    return [LayerGroup(1, mixer, Mlp(), norms)] * fields.layers


PLANS: dict[str, Callable[[Fields, Family], Iterable[LayerGroup]]] = {
    "deepseek_v4": compressed_layers,
    "falcon_h1": falcon_layers,
    "gemma4_text": gemma4_layers,
    "granitemoehybrid": granite_layers,
    "jamba": jamba_layers,
    "kimi_linear": linear_layers,
    "longcat_flash": longcat_layers,
    "mamba": _mamba_layers,
    "mamba2": _mamba_layers,
    "mimo_v2_flash": mimo_layers,
    "minimax_m3": block_sparse_layers,
    "minimax_m3_vl": block_sparse_layers,
    "mllama_text_model": cross_layers,
    "nemotron-nas": searched_layers,
    "nemotron_h": nemotron_layers,
    "qwen3_5_moe_text": linear_layers,
    "qwen3_5_text": linear_layers,
    "qwen3_next": linear_layers,
}
