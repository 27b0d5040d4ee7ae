"""The tensors that one device loads: what divides over tensor parallelism, what every rank repeats.

Names follow the fused modules of vLLM (QKVParallelLinear, MergedColumnParallelLinear, FusedMoE),
since fused tensors are what the allocator sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from attrs import frozen

from sizer.catalog.calibration import held_constants
from sizer.estimate.device.element_bytes import role_bytes
from sizer.estimate.device.stages import Stage
from sizer.estimate.engine.settings import CURRENT
from sizer.schema.facts.engine_constants import Release
from sizer.schema.facts.model import Attention, LayerGroup, Mlp, Model, Role
from sizer.schema.scenario import Deployment

VOCABULARY_BLOCK = 64  # vLLM pads the vocabulary to this multiple (VocabParallelEmbedding)
SPLIT_SINCE: Release = (0, 8)  # from here vLLM keeps kv_b in two halves (MLACommonImpl)
LARGE = 10 * 2**20  # PyTorch's CUDA allocator: larger requests get segments of their own
SEGMENT = 2 * 2**20  # in multiples of this, of which
SPLIT = 2**20  # a rest no larger than this is not given to others


@frozen
class Tensor:
    """`copies` equal tensors on one device; `bytes_each` includes the scales of its format."""

    name: str
    role: Role
    copies: float
    elements_each: float
    bytes_each: float
    in_segments: bool = True

    @property
    def allocated(self) -> float:
        """Bytes of all copies as the allocator counts them, if it is PyTorch's."""
        return self.copies * (rounded(self.bytes_each) if self.in_segments else self.bytes_each)


def rounded(size: float) -> float:
    """Return the bytes that PyTorch's CUDA allocator takes for a tensor that stays."""
    if size < LARGE:
        return size
    segments = ceil(size / SEGMENT) * SEGMENT
    return segments if segments - size <= SPLIT else size


def stage_tensors(
    deployment: Deployment, stage: Stage, version: Release = CURRENT
) -> Iterator[Tensor]:
    """Yield what one device of a stage loads."""
    yield from layer_tensors(deployment, stage, version)
    yield from _outside(deployment, stage)


def layer_tensors(
    deployment: Deployment, stage: Stage, version: Release = CURRENT
) -> Iterator[Tensor]:
    """Yield what one device loads of the layers of a stage."""
    model = deployment.model
    share = stage.layers / model.layer_count
    for group in model.layers:
        yield from group_tensors(group, deployment, group.count * share, version)


def group_tensors(
    group: LayerGroup, deployment: Deployment, layers: float, version: Release = CURRENT
) -> Iterator[Tensor]:
    """Yield what one device loads of so many layers of one shape."""
    for name, role, elements in _layer(group, deployment, version):
        yield _tensor(deployment, name, role, layers, elements)


def _tensor(
    deployment: Deployment, name: str, role: Role, copies: float, elements: float
) -> Tensor:
    return Tensor(name, role, copies, elements, elements * role_bytes(deployment, role))


def _outside(deployment: Deployment, stage: Stage) -> Iterator[Tensor]:
    """Yield tables, the final norm, what is no part of a text step, and the rotary table."""
    model, tp = deployment.model, deployment.tp
    if stage.first or (stage.last and model.tied_embeddings):
        rows = _vocabulary_rows(model, model.embedding_parameters)
        yield _tensor(deployment, "embedding", "embedding", 1, rows * model.hidden_size / tp)
    if stage.last and model.head_parameters:
        rows = _vocabulary_rows(model, model.head_parameters)
        yield _tensor(deployment, "head", "head", 1, rows * model.hidden_size / tp)
    if stage.last and model.final_norm_parameters:
        yield _tensor(deployment, "final norm", "norm", 1, model.final_norm_parameters)
    if stage.first and model.other_parameters:
        elements = model.other_parameters / tp
        yield _tensor(deployment, "outside the layers", "other", 1, elements)
    yield Tensor("rotary table", "norm", 1, model.rotary_elements, 2.0 * model.rotary_elements)


def _vocabulary_rows(model: Model, parameters: int) -> int:
    """Return the rows of a table, those of the vocabulary padded."""
    vocabulary = model.vocab_size
    padded = ceil(vocabulary / VOCABULARY_BLOCK) * VOCABULARY_BLOCK
    beyond = max(parameters // model.hidden_size - vocabulary, 0)
    return padded + beyond if parameters >= vocabulary * model.hidden_size else 1


def _layer(
    group: LayerGroup, deployment: Deployment, version: Release
) -> Iterator[tuple[str, Role, float]]:
    hidden, tp = deployment.model.hidden_size, deployment.tp
    yield from _mixer(group.attention, hidden, tp, version)
    yield from _feed_forward(group.mlp, hidden, tp)
    if group.mlp.experts:
        yield from _experts(group.mlp, deployment, version)
        yield "router", "router", group.mlp.router_parameters
    yield "norms", "norm", group.norm_parameters


def _mixer(
    attention: Attention, hidden: int, tp: int, version: Release
) -> Iterator[tuple[str, Role, float]]:
    if attention.kind == "softmax":
        yield from _softmax(attention, hidden, tp)
    elif attention.kind == "mla" and attention.compression:
        yield from _compressed(attention, hidden, tp)
    elif attention.kind == "mla":
        yield from _latent(attention, hidden, tp, version)
    elif attention.kind != "none":
        out = attention.output_parameters
        yield "mixer", "mixer", (attention.parameters - out) / tp
        yield "mixer.out", "mixer_out", out / tp


def _softmax(attention: Attention, hidden: int, tp: int) -> Iterator[tuple[str, Role, float]]:
    """Yield the fused projections; key and value heads are repeated when `tp` exceeds them."""
    out = hidden * attention.heads * attention.v_head_dim
    width = attention.head_dim + attention.v_head_dim
    cached = hidden * attention.kv_heads * width if attention.cached else 0
    queries = hidden * attention.heads * attention.head_dim
    rest = attention.parameters - out - cached - queries
    if rest < 0:  # what a family leaves out of its projections
        cached, rest = cached + rest, 0
    if rest >= queries:  # a gate of the output beside the query
        queries, rest = 2 * queries, rest - queries
    repeated = max(1.0, tp / attention.kv_heads) if attention.kv_heads else 1.0
    yield "attention.qkv", "attention", (queries + cached * repeated) / tp
    yield "attention.out", "attention", out / tp
    yield "attention.rest", "norm", rest


def _latent(
    attention: Attention, hidden: int, tp: int, version: Release
) -> Iterator[tuple[str, Role, float]]:
    """Yield MLA: what makes the latents is on every rank, what reads them is divided by heads.

    vLLM keeps the two halves of `kv_b` a second time, at 16 bit, to decode in the latent space;
    its first releases with MLA multiplied them into the query's and the output's matrices.
    """
    heads, rank = attention.heads, attention.kv_lora_rank
    queries = heads * attention.head_dim
    nope = attention.head_dim - attention.qk_rope_head_dim
    down = hidden * (rank + attention.qk_rope_head_dim)
    if attention.q_lora_rank:
        down += hidden * attention.q_lora_rank
        up = attention.q_lora_rank * queries
        yield "attention.q_b", "attention", up / tp
    else:
        up = hidden * queries
        yield "attention.q", "attention", up / tp
    both = rank * heads * (nope + attention.v_head_dim)
    out = heads * attention.v_head_dim * hidden
    yield "attention.a", "attention", down
    yield "attention.kv_b", "attention", both / tp
    if version < SPLIT_SINCE:
        read = (attention.q_lora_rank or hidden) * heads * (rank + attention.qk_rope_head_dim)
        yield "attention.q absorbed", "norm", read / tp
        yield "attention.out absorbed", "norm", heads * rank * hidden / tp
    else:
        yield "attention.kv_b absorbed", "norm", both / tp
    yield "attention.out", "attention", out / tp
    yield "attention.indexer and norms", "attention", attention.parameters - down - up - both - out


def _compressed(attention: Attention, hidden: int, tp: int) -> Iterator[tuple[str, Role, float]]:
    """Yield DeepSeek-V4's attention: latents, indexer and compressors are on every rank.

    Compressors are 16 bit (vLLM, DeepseekCompressor: no quantisation); those that overlap their
    windows, which have an indexer, are twice as wide, and the indexer has one of its own.
    """
    ratio = attention.compression
    width, keys = attention.kv_lora_rank * ratio, attention.index_head_dim * ratio
    latents = hidden * ((attention.q_lora_rank or 0) + width)
    indexer = (attention.q_lora_rank or 0) * attention.index_heads * keys
    pressed = width if ratio > 1 else 0
    compressors = 2 * hidden * (2 * (pressed + keys) if attention.index_heads else pressed)
    rest = attention.parameters - latents - indexer - compressors
    yield "attention.a", "attention", latents
    yield "attention.indexer", "attention", indexer
    yield "attention.compressors", "norm", compressors
    yield "attention.b and out", "attention", rest / tp


def _feed_forward(mlp: Mlp, hidden: int, tp: int) -> Iterator[tuple[str, Role, float]]:
    dense, shared = mlp.dense_parameters, mlp.shared_parameters
    if dense:
        down = min(hidden * mlp.width, dense)
        yield "mlp.gate_up", "mlp", (dense - down) / tp
        yield "mlp.down", "mlp", down / tp
    if shared:
        yield "shared.gate_up", "shared", shared * 2 / 3 / tp
        yield "shared.down", "shared", shared / 3 / tp


def _experts(
    mlp: Mlp, deployment: Deployment, version: Release
) -> Iterator[tuple[str, Role, float]]:
    """Yield the experts of a layer as two stacked tensors, widths padded as the kernel needs."""
    hidden, ranks = deployment.model.hidden_size, deployment.expert_ranks
    whole = deployment.ep > 1
    held = ceil(mlp.experts / ranks) if whole else mlp.experts
    width = mlp.expert_width if whole else mlp.expert_width / ranks
    each = mlp.expert_parameters / (1 if whole else ranks)
    down = each / 3 if mlp.expert_parameters >= 3 * mlp.expert_width * hidden else each / 2
    grown = 1.0
    if deployment.weights.padded_experts:
        known = held_constants()
        grown = _grown(width, known.value("expert_width_block", version))
        grown *= _grown(hidden, known.value("expert_residual_block", version))
    yield "experts.w13", "expert", held * (each - down) * grown
    yield "experts.w2", "expert", held * down * grown


def _grown(width: float, block: float) -> float:
    return ceil(width / block) * block / width
