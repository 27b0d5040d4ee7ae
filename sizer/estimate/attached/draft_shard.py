"""What one accelerator reads and computes of a draft's pass: exact, in plain Python.

A draft is a small model, and its pass a decode step of it: so its figures are a shard's. It shares
the model's output projection unless it has one of its own.
"""

from __future__ import annotations

from attrs import evolve, frozen

from sizer.catalog.formats import find_weight_format
from sizer.estimate.device.cache import cached_bytes
from sizer.estimate.device.draft import (
    JOINED,
    draft_deployment,
    drafting_mixers,
    full_layer,
    module,
)
from sizer.estimate.device.shard import shard
from sizer.schema.facts.model import LayerGroup, Mlp, Model
from sizer.schema.scenario import Deployment, Draft

WIDE = 2.0  # bytes; what joins hidden states stays 16 bit


@frozen
class DraftShard:
    """Scalars of one pass of a draft, per device, as those of Shard; all 0 where nobody drafts.

    `draft_passes` are those of a step. `drafted_full_bytes_per_token` and its like are what the
    draft's layers keep of a token.
    """

    draft_passes: float = 0.0
    draft_dense_bytes: float = 0.0
    draft_expert_bytes: float = 0.0
    draft_expert_count: float = 1.0
    draft_experts_per_token: float = 0.0
    draft_flops_per_token: float = 0.0
    draft_expert_flops_per_token: float = 0.0
    draft_head_flops_per_token: float = 0.0
    draft_attention_flops_full: float = 0.0
    draft_attention_flops_window: float = 0.0
    draft_window_tokens: float = 0.0
    draft_hidden_size: float = 0.0
    draft_layer_count: float = 0.0
    draft_moe_layer_count: float = 0.0
    draft_mla_layer_count: float = 0.0
    draft_index_layer_count: float = 0.0
    draft_recurrent_layer_count: float = 0.0
    drafted_full_bytes_per_token: float = 0.0
    drafted_window_bytes_per_token: float = 0.0


def draft_shard(deployment: Deployment) -> DraftShard:
    """Return the figures of a deployment's draft."""
    draft = deployment.draft
    placed = None if draft is None else _placed(deployment, draft)
    if draft is None or placed is None:
        return DraftShard()
    one, joined = shard(placed), _joined_elements(deployment, draft)
    return DraftShard(
        draft_passes=float(draft.passes),
        draft_dense_bytes=one.dense_read_bytes + WIDE * joined,
        draft_expert_bytes=one.expert_bytes,
        draft_expert_count=one.expert_count,
        draft_experts_per_token=one.experts_per_token,
        draft_flops_per_token=one.flops_per_token + 2.0 * joined,
        draft_expert_flops_per_token=one.expert_flops_per_token,
        draft_head_flops_per_token=one.head_flops_per_token,
        draft_attention_flops_full=one.decode_attention_flops_full,
        draft_attention_flops_window=one.decode_attention_flops_window,
        draft_window_tokens=one.window_tokens,
        draft_hidden_size=one.hidden_size,
        draft_layer_count=one.layer_count,
        draft_moe_layer_count=one.moe_layer_count,
        draft_mla_layer_count=one.mla_layer_count,
        draft_index_layer_count=one.index_layer_count,
        draft_recurrent_layer_count=one.recurrent_layer_count,
        drafted_full_bytes_per_token=_cached(deployment, windowed=False),
        drafted_window_bytes_per_token=_cached(deployment, windowed=True),
    )


def _placed(deployment: Deployment, draft: Draft) -> Deployment | None:
    """Return the draft as a deployment of its own, in one stage."""
    if draft.model is not None:
        return draft_deployment(deployment, draft)
    if draft.method == "ngram":
        return None
    model = deployment.model
    whole = evolve(deployment, pp=1, draft=None)
    if draft.method in JOINED:
        layer = full_layer(model)
        dense = Mlp(width=layer.mlp.width, dense_parameters=layer.mlp.dense_parameters)
        plain = find_weight_format("bf16")
        layers = _only(model, evolve(layer, count=1, mlp=dense))
        return evolve(whole, model=layers, weights=plain)
    found = module(model)
    layer = found.layer or _of_elements(model, found.elements)
    repeated = 1 if draft.method == "mtp" else found.number
    return evolve(whole, model=_only(model, evolve(layer, count=repeated)))


def _only(model: Model, layer: LayerGroup) -> Model:
    """Return a model of one kind of layer, with the tables of another."""
    return evolve(model, layers=(layer,), draft_parameters=0)


def _of_elements(model: Model, elements: int) -> LayerGroup:
    """Return a layer with the attention of the model's, and all of so many elements dense."""
    layer = full_layer(model)
    rest = max(elements - layer.attention.parameters, 0)
    return evolve(layer, mlp=Mlp(dense_parameters=rest))


def _joined_elements(deployment: Deployment, draft: Draft) -> float:
    """Return the elements of the matrix that joins hidden states, whole on every rank."""
    hidden = deployment.model.hidden_size
    if draft.method in {"mtp", "dspark"} and draft.model is None:
        return 2.0 * hidden * hidden
    width = draft.model.hidden_size if draft.model else hidden
    return float(JOINED.get(draft.method, 0) * hidden * width)


def _cached(deployment: Deployment, *, windowed: bool) -> float:
    return sum(
        count * cached_bytes(attention, deployment)
        for attention, count in drafting_mixers(deployment)
        if bool(attention.window) is windowed
    )
