"""Feed-forward part of one layer: dense, or routed to experts, with parameters by role."""

from __future__ import annotations

from sizer.catalog.config.attention import truth
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields
from sizer.schema.facts.model import Mlp

EXPERTS = ("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts")
PER_TOKEN = (
    "num_experts_per_tok",
    "num_experts_per_token",
    "moe_k",
    "top_k_experts",
    "moe_topk",
    "experts_per_token",
    "moe_top_k",
)
WIDTH = ("intermediate_size", "ffn_hidden_size", "ffn_dim", "n_inner", "ff_intermediate_size")
EXPERT_WIDTH = ("moe_intermediate_size", "expert_ffn_hidden_size", "ffn_hidden_size")


def dense(fields: Fields, family: Family, width: int | None = None) -> Mlp:
    """Return a dense feed-forward of `width`, by default of the width that the config states."""
    width = dense_width(fields) if width is None else width
    parameters = _matrices(fields.hidden, width, gated=family.gated)
    if truth(family.mlp_bias, fields):
        parameters += width * (2 if family.gated else 1) + fields.hidden
    return Mlp(width=width, dense_parameters=parameters)


def dense_width(fields: Fields) -> int:
    """Return the width of a dense layer; models without one name it as a multiple."""
    if fields.family == "qwen":
        return fields.count("intermediate_size") // 2
    if fields.family == "llama4_text":
        return fields.count("intermediate_size_mlp", "intermediate_size")
    if fields.family == "mpt":
        return fields.count("expansion_ratio") * fields.hidden
    if fields.family in {"gpt2", "gptj", "gpt_bigcode", "phi-msft", "bloom", "falcon"}:
        return fields.count(*WIDTH, default=4 * fields.hidden)
    return fields.count("dense_intermediate_size", *WIDTH)


def expert_count(fields: Fields) -> int:
    """Return the routed experts of a sparse layer, 0 for a dense model."""
    if fields.family == "dbrx":
        return fields.section("ffn_config").count(*EXPERTS)
    return fields.count(*EXPERTS, default=0)


def sparse(fields: Fields, family: Family) -> Mlp:
    """Return a feed-forward that is routed to experts, beside shared ones if there are any."""
    hidden, experts = fields.hidden, expert_count(fields)
    source = fields.section("ffn_config") if fields.family == "dbrx" else fields
    width = source.count(*EXPERT_WIDTH, default=source.count("intermediate_size", default=0))
    if not width:
        raise fields.fault("`moe_intermediate_size` is missing")
    latent = fields.count("moe_latent_size", "routed_expert_hidden_size", default=0)
    each = _matrices(latent or hidden, width, gated=family.expert_gated)
    if family.expert_bias:
        each += (2 if family.expert_gated else 1) * width + hidden
    shared = _shared(fields, family, width) + 2 * hidden * latent
    return Mlp(
        experts=experts,
        experts_per_token=source.count(*PER_TOKEN),
        expert_width=width,
        shared_parameters=shared,
        expert_parameters=each,
        router_parameters=hidden * experts + (experts if family.router_bias else 0),
    )


def _shared(fields: Fields, family: Family, width: int) -> int:
    """Return parameters of what every token passes beside its experts."""
    hidden = fields.hidden
    gate = 0
    shared_width = fields.count(
        "shared_expert_intermediate_size",
        "moe_shared_expert_intermediate_size",
        "share_expert_dim",
        "shared_intermediate_size",
        default=0,
    )
    if fields.count("shared_expert_intermediate_size", default=0):
        gate = hidden
    if not shared_width:
        names = ("n_shared_experts", "num_shared_experts", "moe_num_shared_experts")
        one = 1 if fields.family == "llama4_text" else 0
        shared_width = width * fields.count(*names, default=one)
    return _matrices(hidden, shared_width, gated=family.expert_gated) + gate


def _matrices(hidden: int, width: int, *, gated: bool) -> int:
    return (3 if gated else 2) * hidden * width
