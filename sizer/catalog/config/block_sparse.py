"""MiniMax-M3's layers: an indexer beside plain attention picks the blocks that a query sees."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from sizer.catalog.config import mlp as feed_forward
from sizer.catalog.config.attention import softmax
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields
from sizer.catalog.config.sparsity import sparse_layers
from sizer.schema.facts.model import LayerGroup


def block_sparse_layers(fields: Fields, family: Family) -> Iterable[LayerGroup]:
    """Return layers of attention and a feed-forward, some with an indexer of their own."""
    norms = family.norms * fields.hidden
    plain = softmax(fields, family, None)
    sparse = fields.section("sparse_attention_config")
    indexed = evolve(
        plain,
        parameters=plain.parameters + _indexer(fields),
        index_heads=sparse.count("sparse_num_index_heads", default=0),
        index_head_dim=sparse.count("sparse_index_dim", default=0),
    )
    for picks, routed in zip(_picking(fields), sparse_layers(fields), strict=True):
        part = feed_forward.sparse if routed else feed_forward.dense
        yield LayerGroup(1, indexed if picks else plain, part(fields, family), norms)


def _picking(fields: Fields) -> Iterable[bool]:
    listed = fields.section("sparse_attention_config").listed(
        "sparse_attention_freq", fields.layers
    )
    return [bool(each) for each in listed or [0] * fields.layers]


def _indexer(fields: Fields) -> int:
    """Return the parameters of queries of several heads, keys of one, and a norm of each."""
    sparse = fields.section("sparse_attention_config")
    width = sparse.count("sparse_index_dim", default=0)
    heads = sparse.count("sparse_num_index_heads", default=0)
    return fields.hidden * width * (heads + 1) + 2 * width
