"""The slots that vLLM keeps for LoRA on one device, whatever the adapters in them.

Each linear layer gets for every slot two matrices of the largest rank, at 16 bit (vLLM,
vllm/lora/layers). The first reads the layer's input, the second writes its output. What a layer
divides over tensor ranks they divide too: the second matrix of a column-parallel layer, the first
of a row-parallel one. Fused layers have a pair for each part. Tables and recurrent mixers are not
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from attrs import frozen

from sizer.estimate.device.stages import Stage
from sizer.estimate.device.tensors import Tensor
from sizer.estimate.engine.extras import Extras
from sizer.schema.facts.model import Attention, LayerGroup, Mlp
from sizer.schema.scenario import Deployment

WIDTH = 2.0  # bytes of an element: `lora_dtype` is that of activations


@frozen
class Pair:
    """Widths of one layer's input and output on one device, `number` times in a layer of a model.

    A fused layer reads one input in several `parts`, each with its own first matrix.
    """

    name: str
    inputs: float
    outputs: float
    number: float = 1.0
    parts: int = 1


def adapter_tensors(deployment: Deployment, stage: Stage, extras: Extras) -> Iterator[Tensor]:
    """Yield the slots of a stage, both matrices of a pair together."""
    share = stage.layers / deployment.model.layer_count
    for group in deployment.model.layers:
        for pair in pairs(group, deployment):
            elements = extras.max_loras * extras.max_lora_rank * (pair.inputs + pair.outputs)
            copies = group.count * share * pair.number
            yield Tensor(f"LoRA {pair.name}", "norm", copies, elements, WIDTH * elements)


def pairs(group: LayerGroup, deployment: Deployment) -> Iterator[Pair]:
    """Yield what has a pair of matrices in one layer of a group."""
    hidden, tp = deployment.model.hidden_size, deployment.tp
    attention, mlp = group.attention, group.mlp
    if attention.kind == "softmax":
        yield from _softmax(attention, hidden, tp)
    elif attention.kind == "mla" and not attention.compression:
        yield from _latent(attention, hidden, tp)
    for name, width in (
        ("mlp", mlp.width if mlp.dense_parameters else 0),
        ("shared", _shared(mlp, hidden)),
    ):
        if width:
            yield Pair(f"{name}.gate_up", 2.0 * hidden, 2.0 * width / tp, parts=2)
            yield Pair(f"{name}.down", width / tp, hidden)
    if mlp.experts:
        yield from _experts(mlp, deployment)


def _shared(mlp: Mlp, hidden: int) -> float:
    """Return the width of the shared experts: three matrices as wide as the residual."""
    return mlp.shared_parameters / (3.0 * hidden)


def _softmax(attention: Attention, hidden: int, tp: int) -> Iterator[Pair]:
    heads = ceil(attention.kv_heads / tp) if attention.cached else 0
    keys = heads * (attention.head_dim + attention.v_head_dim)
    parts = 3 if attention.cached else 1
    outputs = attention.heads * attention.head_dim / tp + keys
    yield Pair("qkv", parts * hidden, outputs, parts=parts)
    yield Pair("out", attention.heads * attention.v_head_dim / tp, hidden)


def _latent(attention: Attention, hidden: int, tp: int) -> Iterator[Pair]:
    """Yield MLA: what makes the latents is on every rank."""
    queries = attention.heads * attention.head_dim / tp
    latent = attention.kv_lora_rank + attention.qk_rope_head_dim
    if attention.q_lora_rank:
        yield Pair("a", 2.0 * hidden, attention.q_lora_rank + latent, parts=2)
        yield Pair("q_b", attention.q_lora_rank, queries)
    else:
        yield Pair("q", hidden, queries)
        yield Pair("kv_a", hidden, latent)
    nope = attention.head_dim - attention.qk_rope_head_dim
    values = attention.heads * (nope + attention.v_head_dim) / tp
    yield Pair("kv_b", attention.kv_lora_rank, values)
    yield Pair("out", attention.heads * attention.v_head_dim / tp, hidden)


def _experts(mlp: Mlp, deployment: Deployment) -> Iterator[Pair]:
    """Yield a pair of each matrix of each expert on the device (FusedMoEWithLoRA)."""
    hidden, ranks = deployment.model.hidden_size, deployment.expert_ranks
    whole = deployment.ep > 1
    held = ceil(mlp.experts / ranks) if whole else mlp.experts
    width = mlp.expert_width if whole else mlp.expert_width / ranks
    yield Pair("experts.w13", hidden, width, 2.0 * held)
    yield Pair("experts.w2", width, hidden, held)
