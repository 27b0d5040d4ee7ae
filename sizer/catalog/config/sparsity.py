"""Which layers route their tokens to experts."""

from __future__ import annotations

from sizer.catalog.config.fields import Fields
from sizer.catalog.config.mlp import expert_count


def sparse_layers(fields: Fields) -> list[bool]:
    """Return for every layer whether its feed-forward is routed."""
    count = fields.layers
    if not expert_count(fields):
        return [False] * count
    kinds = fields.listed("mlp_layer_types", count)
    if kinds is not None:
        return [kind == "sparse" for kind in kinds]
    frequencies = fields.listed("moe_layer_freq", count)
    if frequencies is not None:
        return [bool(each) for each in frequencies]
    named = fields.inner.get("moe_layers_enum")
    if named:
        routed = {int(each) for each in str(named).strip("[]").split(",")}
        return [layer in routed for layer in range(count)]
    return [_sparse(fields, layer) for layer in range(count)]


def _sparse(fields: Fields, layer: int) -> bool:
    if fields.family == "jamba":
        period, offset = fields.count("expert_layer_period"), fields.count("expert_layer_offset")
        return layer % period == offset
    if fields.family == "ernie4_5_moe":
        start, end = fields.count("moe_layer_start_index"), fields.count("moe_layer_end_index")
        step = fields.count("moe_layer_interval", default=1)
        return start <= layer <= end and (layer + 1) % step == 0
    if fields.family == "llama4_text":
        return (layer + 1) % fields.count("interleave_moe_layer_step", default=1) == 0
    if layer in (fields.inner.get("mlp_only_layers") or ()):
        return False
    dense = fields.count("first_k_dense_replace", default=0)
    step = fields.count("decoder_sparse_step", "moe_layer_freq", default=1)
    if "decoder_sparse_step" in fields.inner:
        return (layer + 1) % step == 0
    return layer >= dense and layer % step == 0
