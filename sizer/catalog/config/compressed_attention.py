"""Layers of DeepSeek-V4: one shared key and value head, compressed along the context.

A layer keeps a window of recent tokens whole and, at a ratio above 0, one latent vector for
every `ratio` tokens beyond it. Widths here are for each token of context: divided by the ratio,
so that bytes and operations grow with the context as they do in the model. The window is a
constant state. Selection of the best vectors, which saves operations only, is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable

from sizer.catalog.config import mlp as feed_forward
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields
from sizer.schema.facts.model import Attention, LayerGroup

INDEXED_RATIO = 4  # layers that compress this little overlap their windows and have an indexer


def compressed_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return DeepSeek-V4's layers, all routed, each with its own compression ratio."""
    ratios = fields.listed("compress_ratios", fields.layers)
    if ratios is None:
        raise fields.fault("`compress_ratios` is missing")
    part = feed_forward.sparse(fields, family)
    norms = family.norms * fields.hidden + 2 * _hyper_connection(fields)
    for ratio in ratios:
        yield LayerGroup(1, _attention(fields, ratio), part, norms)


def _attention(fields: Fields, ratio: int) -> Attention:
    width, window = fields.count("head_dim"), fields.count("sliding_window")
    indexed = ratio == INDEXED_RATIO
    per_token = width // ratio if ratio else width
    return Attention(
        kind="mla",
        compression=max(ratio, 1),
        heads=fields.heads,
        kv_heads=1,
        head_dim=per_token,
        v_head_dim=per_token,
        window=None if ratio else window,
        q_lora_rank=fields.count("q_lora_rank"),
        kv_lora_rank=per_token,
        index_heads=fields.count("index_n_heads") if indexed else 0,
        index_head_dim=fields.count("index_head_dim") // ratio if indexed else 0,
        state_elements=window * width if ratio else 0,
        parameters=_parameters(fields, ratio),
    )


def _parameters(fields: Fields, ratio: int) -> int:
    hidden, heads, width = fields.hidden, fields.heads, fields.count("head_dim")
    rank, groups = fields.count("q_lora_rank"), fields.count("o_groups")
    out = fields.count("o_lora_rank")
    total = rank * (hidden + 1 + heads * width) + width * (hidden + 1) + heads
    total += heads * width * out + groups * out * hidden
    if not ratio:
        return total
    total += _compressor(fields, width, ratio)
    if ratio == INDEXED_RATIO:
        index_heads, index_width = fields.count("index_n_heads"), fields.count("index_head_dim")
        total += rank * index_heads * index_width + hidden * index_heads
        total += _compressor(fields, index_width, ratio)
    return total


def _compressor(fields: Fields, width: int, ratio: int) -> int:
    """Return a gate and a value projection, positions within a window, and a norm."""
    overlapped = 2 * width if ratio == INDEXED_RATIO else width
    return overlapped * (2 * fields.hidden + ratio) + width


def _hyper_connection(fields: Fields) -> int:
    """Return the mixing of the parallel residuals before one sub-layer."""
    streams = fields.count("hc_mult", default=0)
    if not streams:
        return 0
    mixed = (2 + streams) * streams
    return mixed * (streams * fields.hidden + 1) + 3
