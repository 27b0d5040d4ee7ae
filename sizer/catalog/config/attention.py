"""Attention of one layer with keys and values in a cache: widths and exact parameters."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from sizer.catalog.config.families import Family, Flag
from sizer.catalog.config.fields import Fields
from sizer.schema.facts.model import Attention

OTHER = "attention_other_setting"
HEAD_GATE = "use_head_wise_attn_gate"


def truth(flag: Flag, fields: Fields) -> bool:
    """Return a constant flag, or what the field of that name says."""
    return flag if isinstance(flag, bool) else fields.flag(flag)


def kv_heads(fields: Fields) -> int:
    """Return key and value heads under whichever name the family gives them."""
    if fields.family == "falcon" and not fields.flag("new_decoder_architecture"):
        return 1 if fields.flag("multi_query", default=True) else fields.heads
    if fields.family == "gpt_bigcode":
        return 1 if fields.flag("multi_query", default=True) else fields.heads
    if fields.family == "chatglm" and fields.flag("multi_query_attention"):
        return fields.count("multi_query_group_num")
    if fields.family == "dbrx":
        return fields.section("attn_config").count("kv_n_heads")
    names = ("num_key_value_heads", "num_kv_heads", "num_attention_groups")
    return fields.count(*names, default=fields.heads)


def head_width(fields: Fields) -> int:
    """Return the width of a head: as stated, else the residual divided by heads."""
    stated = fields.count("head_dim", "kv_channels", "attention_head_dim", default=0)
    if not stated and fields.hidden % fields.heads:
        raise fields.fault("`head_dim` is missing and heads do not divide `hidden_size`")
    return stated or fields.hidden // fields.heads


def softmax(fields: Fields, family: Family, window: int | None) -> Attention:
    """Return MHA, GQA or MQA of the widths that the config states.

    Step's files state the heads of layers with a window apart from those of the others.
    """
    if window is not None and isinstance(fields.inner.get(OTHER), Mapping):
        fields = evolve(fields, inner={**fields.inner, **fields.inner[OTHER]})
    width = head_width(fields)
    value_width = fields.count("v_head_dim", default=width)
    shared = kv_heads(fields)
    if not shared or fields.heads % shared:
        raise fields.fault(f"{shared} key and value heads do not divide {fields.heads} heads")
    shape = Attention(
        heads=fields.heads,
        kv_heads=shared,
        head_dim=width,
        v_head_dim=value_width,
        window=window,
        chunked=window is not None and fields.family == "llama4_text",
    )
    return counted(shape, fields, family)


def counted(shape: Attention, fields: Fields, family: Family) -> Attention:
    """Return `shape` with its parameters: projections, biases, norms, gates and sinks."""
    gates = 2 if family.output_gate and fields.flag("attn_output_gate", default=True) else 1
    queries = shape.heads * shape.head_dim * gates
    keys, values = shape.kv_heads * shape.head_dim, shape.kv_heads * shape.v_head_dim
    total = fields.hidden * (queries + keys + values + shape.heads * shape.v_head_dim)
    if truth(family.qkv_bias, fields):
        total += queries + keys + values
    if truth(family.out_bias, fields):
        total += fields.hidden
    total += shape.heads if family.sinks else 0
    total += fields.hidden * shape.heads if fields.flag(HEAD_GATE) else 0
    return evolve(shape, parameters=total + _norm_parameters(shape, fields, family))


def _norm_parameters(shape: Attention, fields: Fields, family: Family) -> int:
    if family.qk_norm_flag and not fields.flag(family.qk_norm_flag):
        return 0
    if family.qk_norm == "head":
        return 2 * shape.head_dim
    if family.qk_norm in {"wide", "each"}:
        return (shape.heads + shape.kv_heads) * shape.head_dim
    return 0


def latent(fields: Fields) -> Attention:
    """Return multi-head latent attention (DeepSeek-V2), with its indexer if it has one."""
    heads, hidden = fields.heads, fields.hidden
    rank, rope = fields.count("kv_lora_rank"), fields.count("qk_rope_head_dim")
    nope = fields.count("qk_nope_head_dim")
    value = fields.count("v_head_dim", default=hidden // heads)
    query_rank = fields.count("q_lora_rank", default=0)
    query = heads * (nope + rope)
    total = hidden * query if not query_rank else query_rank * (hidden + 1 + query)
    total += hidden * (rank + rope) + rank + rank * heads * (nope + value) + heads * value * hidden
    index_heads = fields.count("index_n_heads", default=0)
    index_width = fields.count("index_head_dim", default=0) if index_heads else 0
    if index_heads:
        total += query_rank * index_heads * index_width + hidden * (index_width + index_heads)
        total += 2 * index_width
    return Attention(
        kind="mla",
        heads=heads,
        kv_heads=1,
        head_dim=nope + rope,
        v_head_dim=value,
        q_lora_rank=query_rank or None,
        kv_lora_rank=rank,
        qk_rope_head_dim=rope,
        index_heads=index_heads,
        index_head_dim=index_width,
        parameters=total,
    )
