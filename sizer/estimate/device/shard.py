"""What one accelerator holds, reads and computes of a deployment: exact, in plain Python.

Bytes and operations are those of one device of the tensor-parallel group. `*_read` and
`flops_*` sum over all pipeline stages, since a token passes through every one of them;
resident bytes are those of the stage that holds the most.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from attrs import frozen

from sizer.estimate.device.cache import cached_bytes, state_bytes
from sizer.estimate.device.draft import drafting_mixers
from sizer.estimate.device.tensors import VOCABULARY_BLOCK
from sizer.schema.asked.tasks import reads_only
from sizer.schema.facts.model import Attention, LayerGroup
from sizer.schema.scenario import Deployment


@frozen
class Shard:
    """Scalars of one deployment, per device; see the module's text."""

    dense_read_bytes: float
    expert_bytes: float
    expert_count: int
    experts_per_token: int
    kv_full_bytes_per_token: float
    kv_window_bytes_per_token: float
    window_tokens: float
    state_bytes_per_request: float
    flops_per_token: float
    expert_flops_per_token: float
    head_flops_per_token: float
    decode_attention_flops_full: float
    decode_attention_flops_window: float
    prefill_attention_flops_full: float
    prefill_attention_flops_window: float
    layer_count: int
    moe_layer_count: int
    mla_layer_count: int
    index_layer_count: int
    recurrent_layer_count: int
    stage_share: float
    hidden_size: int
    tp: int
    pp: int


def shard(deployment: Deployment) -> Shard:
    """Divide a deployment over its devices."""
    model, tp = deployment.model, deployment.tp
    windows = [g.attention.window for g in model.layers if g.attention.window]
    routed = [g for g in model.layers if g.mlp.experts]
    active = sum(g.count * g.mlp.experts_per_token * g.mlp.expert_parameters for g in routed)
    head = model.embedding_parameters if model.tied_embeddings else model.head_parameters
    return Shard(
        dense_read_bytes=dense_read_bytes(deployment),
        expert_bytes=sum(g.count * _routed_bytes(g, deployment) for g in model.layers),
        expert_count=max((g.mlp.experts for g in routed), default=1),
        experts_per_token=max((g.mlp.experts_per_token for g in routed), default=0),
        kv_full_bytes_per_token=kv_bytes_per_token(deployment, windowed=False),
        kv_window_bytes_per_token=kv_bytes_per_token(deployment, windowed=True),
        window_tokens=float(max(windows, default=0)),
        state_bytes_per_request=_state_bytes(deployment),
        flops_per_token=2.0 * (model.active_parameters - active - head) / tp,
        expert_flops_per_token=2.0 * active / tp,
        head_flops_per_token=2.0 * head / tp,
        decode_attention_flops_full=_attention_flops(deployment, _decode_width, windowed=False),
        decode_attention_flops_window=_attention_flops(deployment, _decode_width, windowed=True),
        prefill_attention_flops_full=_attention_flops(deployment, _prefill_width, windowed=False),
        prefill_attention_flops_window=_attention_flops(deployment, _prefill_width, windowed=True),
        layer_count=model.layer_count,
        moe_layer_count=sum(g.count for g in routed),
        mla_layer_count=sum(g.count for g in model.layers if g.attention.kind == "mla"),
        index_layer_count=sum(g.count for g in model.layers if g.attention.index_heads),
        recurrent_layer_count=sum(
            g.count for g in model.layers if g.attention.kind in {"linear", "mamba"}
        ),
        stage_share=ceil(model.layer_count / deployment.pp) / model.layer_count,
        hidden_size=model.hidden_size,
        tp=tp,
        pp=deployment.pp,
    )


def dense_read_bytes(deployment: Deployment) -> float:
    """Return the bytes that every step reads on one device, routed experts excluded.

    What writes no token reads no output projection.
    """
    model = deployment.model
    head = model.embedding_parameters if model.tied_embeddings else model.head_parameters
    head = 0 if reads_only(model.task) else head
    body = sum(g.count * _dense_bytes(g, deployment) for g in model.layers)
    final = model.final_norm_parameters * deployment.weights.kept_bytes
    return body + _table_bytes(head, deployment) + final


def kv_bytes_per_token(deployment: Deployment, *, windowed: bool) -> float:
    """Return the cache of one token on one device over all layers of that kind, in bytes."""
    mixers = [(group.attention, group.count) for group in deployment.model.layers]
    mixers += drafting_mixers(deployment)
    return sum(
        count * cached_bytes(attention, deployment)
        for attention, count in mixers
        if bool(attention.window) is windowed
    )


def _dense_bytes(group: LayerGroup, deployment: Deployment) -> float:
    mlp, form, tp = group.mlp, deployment.weights, deployment.tp
    repeated = _repeated_kv_parameters(group.attention, deployment.model.hidden_size, tp)
    linear = group.attention.parameters + mlp.dense_parameters + mlp.shared_parameters
    kept = (group.norm_parameters + mlp.router_parameters) * form.kept_bytes
    return (linear / tp + repeated) * form.linear_bytes + kept


def _repeated_kv_parameters(attention: Attention, hidden_size: int, tp: int) -> float:
    if attention.kind != "softmax" or not attention.kv_heads or tp <= attention.kv_heads:
        return 0.0
    width = attention.head_dim + attention.v_head_dim
    return hidden_size * width * (1 - attention.kv_heads / tp)


def _routed_bytes(group: LayerGroup, deployment: Deployment) -> float:
    mlp = group.mlp
    held = mlp.experts * mlp.expert_parameters / deployment.expert_ranks
    return held * deployment.weights.expert_bytes


def _table_bytes(parameters: int, deployment: Deployment) -> float:
    model = deployment.model
    if not parameters or not model.vocab_size:
        return 0.0
    block = VOCABULARY_BLOCK * deployment.tp
    padded = ceil(model.vocab_size / block) * block / model.vocab_size
    return parameters * padded / deployment.tp * deployment.weights.embedding_bytes


def _state_bytes(deployment: Deployment) -> float:
    return sum(g.count * state_bytes(g.attention, deployment) for g in deployment.model.layers)


def _attention_flops(
    deployment: Deployment, width: Callable[[Attention], int], *, windowed: bool
) -> float:
    """Return operations of one query over one cached token: a product each with key and value."""
    total = sum(
        2.0 * group.count * group.attention.heads * width(group.attention)
        for group in deployment.model.layers
        if group.attention.kind in {"softmax", "mla"} and bool(group.attention.window) is windowed
    )
    return total / deployment.tp


def _prefill_width(attention: Attention) -> int:
    return attention.head_dim + attention.v_head_dim


def _decode_width(attention: Attention) -> int:
    """Return the width of a query and value; MLA decodes in its latent space."""
    if attention.kind == "mla":
        return 2 * attention.kv_lora_rank + attention.qk_rope_head_dim
    return attention.head_dim + attention.v_head_dim
