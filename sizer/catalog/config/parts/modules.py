"""What the modules of each part of a layer are called in the families' checkpoints.

A part is known by one module of each of its matrices; families call the same matrix differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sizer.schema.facts.model import Attention, LayerGroup, Role

Names = tuple[str, ...]
Module = tuple[Names, float]  # what it may be called, and how many parameters it has

PREFIXES = (
    "",
    "model.",
    "backbone.",
    "language_model.",
    "language_model.model.",
    "model.language_model.",
)
HEAD = ("lm_head", "head")
QUERY = ("self_attn.q_proj", "mixer.q_proj", "attn.wq")
KEY = ("self_attn.k_proj", "mixer.k_proj")
VALUE = ("self_attn.v_proj", "mixer.v_proj")
OUTPUT = ("self_attn.o_proj", "mixer.o_proj", "attn.wo_b")
QUERY_DOWN = ("self_attn.q_a_proj", "attn.wq_a")
QUERY_UP = ("self_attn.q_b_proj", "attn.wq_b")
LATENT_DOWN = ("self_attn.kv_a_proj_with_mqa", "attn.wkv")
LATENT_UP = ("self_attn.kv_b_proj",)
MIXER: Names = ("linear_attn.in_proj_qkv", "linear_attn.in_proj_qkvz", "mamba.in_proj",
                "mixer.in_proj", "self_attn.g_proj")  # fmt: skip
MIXER_OUT: Names = ("linear_attn.out_proj", "mamba.out_proj", "mixer.out_proj", "self_attn.o_proj")
DENSE = ("mlp.gate_proj", "mlp.down_proj", "feed_forward.gate_proj", "mixer.up_proj")
SHARED: Names = ("mlp.shared_expert.gate_proj", "mlp.shared_experts.gate_proj",
                 "ffn.shared_experts.w1", "feed_forward.shared_expert.gate_proj",
                 "block_sparse_moe.shared_experts.gate_proj",
                 "mixer.shared_experts.up_proj")  # fmt: skip
ROUTED: Names = ("mlp.experts.0.gate_proj", "mlp.experts.0.down_proj", "ffn.experts.0.w1",
                 "block_sparse_moe.experts.0.w1", "feed_forward.experts.0.gate_proj",
                 "feed_forward.experts.0.down_proj", "mixer.experts.0.up_proj")  # fmt: skip
BESIDE = ("experts.0.gate_proj", "experts.0.down_proj")
EXPERTS: Mapping[str, Names] = {"gemma4_text": BESIDE}  # beside the feed-forward, not in it
DRAFT = ("mlp.experts.0.gate_proj", "mlp.gate_proj", "ffn.experts.0.w1", "self_attn.q_proj")
DRAFTS = ("mtp", "model.mtp")  # modules for speculation, where they are no further layers
RECURRENT = frozenset({"linear", "mamba"})


def modules_of(group: LayerGroup, family: str) -> Iterator[tuple[Role, Names, float]]:
    """Yield the modules of a layer: part, what it may be called, how many parameters it has."""
    mixer, mlp = group.attention, group.mlp
    if mixer.kind in RECURRENT:
        yield "mixer", MIXER, mixer.parameters - mixer.output_parameters
        yield "mixer_out", MIXER_OUT, mixer.output_parameters
    elif mixer.kind != "none":
        matrices = _latent(mixer) if mixer.kind == "mla" else _softmax(mixer)
        yield from (("attention", names, size) for names, size in matrices)
    yield "mlp", DENSE, mlp.dense_parameters
    yield "shared", SHARED, mlp.shared_parameters
    yield "expert", EXPERTS.get(family, ROUTED), mlp.experts * mlp.expert_parameters


def full_names(names: Names, layer: int) -> Iterator[str]:
    """Yield what a module of a layer may be called from the root of the model."""
    for prefix in PREFIXES:
        yield from (f"{prefix}layers.{layer}.{name}" for name in names)


def draft_names(layers: int) -> Iterator[str]:
    """Yield what the first module for speculation may be called, behind so many layers."""
    for prefix in DRAFTS:
        yield from (f"{prefix}{place}.{name}" for place in (".layers.0", ".0") for name in DRAFT)
    yield from full_names(DRAFT, layers)


def head_names() -> Iterator[str]:
    """Yield what the output projection may be called."""
    for prefix in PREFIXES:
        yield from (prefix + name for name in HEAD)


def _softmax(mixer: Attention) -> Iterator[Module]:
    """Yield the matrices of plain attention, sizes in widths of the residual."""
    yield QUERY, mixer.heads * mixer.head_dim
    yield KEY, mixer.kv_heads * mixer.head_dim
    yield VALUE, mixer.kv_heads * mixer.v_head_dim
    yield OUTPUT, mixer.heads * mixer.v_head_dim


def _latent(mixer: Attention) -> Iterator[Module]:
    """Yield the matrices of latent attention; what is left of its parameters goes down and out."""
    rank, latent = mixer.q_lora_rank or 0, mixer.kv_lora_rank
    ahead = mixer.head_dim - mixer.qk_rope_head_dim + mixer.v_head_dim
    up = mixer.heads * latent * ahead
    queries = rank * mixer.heads * mixer.head_dim
    outputs = mixer.heads * mixer.v_head_dim
    down = latent + mixer.qk_rope_head_dim
    plain = mixer.heads * mixer.head_dim if not rank else 0
    hidden = (mixer.parameters - up - queries) / (outputs + down + rank + plain)
    yield QUERY, hidden * plain
    yield QUERY_DOWN, hidden * rank
    yield QUERY_UP, queries
    yield LATENT_DOWN, hidden * down
    yield LATENT_UP, up
    yield OUTPUT, hidden * outputs
