"""Which splits an engine accepts."""

from __future__ import annotations

from math import gcd

from sizer.schema.format import WeightFormat
from sizer.schema.gpu import Gpu
from sizer.schema.model import Model

NODE_SIZE = 8  # accelerators of the usual server (DGX, HGX, OAM baseboards)


def tensor_splits(model: Model, limit: int) -> list[int]:
    """Return every tensor-parallel size up to `limit` that vLLM accepts.

    Query heads and MLP widths divide; key and value heads divide, or are replicated evenly
    (vLLM, ParallelConfig and QKVParallelLinear).
    """
    return [tp for tp in range(1, limit + 1) if _divides(model, tp)]


def node_size(gpu: Gpu) -> int:
    """Return how many of this accelerator one fast domain or server holds."""
    return gpu.domain_size if gpu.domain_size and gpu.domain_size > 1 else NODE_SIZE


def pipeline_splits(model: Model, tp: int, gpu: Gpu, limit: int) -> list[int]:
    """Return pipeline sizes: more than one only for whole servers."""
    if tp < node_size(gpu):
        return [1]
    return list(range(1, min(limit // tp, model.layer_count) + 1))


def _divides(model: Model, tp: int) -> bool:
    return all(
        _evenly(group.attention.heads, tp)
        and _shared(group.attention.kv_heads, tp)
        and _evenly(group.mlp.width, tp)
        and _evenly(group.mlp.expert_width, tp)
        for group in model.layers
    )


def _evenly(count: int, tp: int) -> bool:
    return count % tp == 0


def _shared(heads: int, tp: int) -> bool:
    return not heads or gcd(heads, tp) == min(heads, tp)


def runs_on(form: WeightFormat, gpu: Gpu) -> bool:
    """Whether an engine has a kernel for the format; devices without a number are not refused."""
    needed, has = form.least_compute_capability, gpu.compute_capability
    return needed is None or has is None or has >= needed


def accepts(form: WeightFormat, model: Model, tp: int) -> bool:
    """Whether quantisation groups stay whole on every device."""
    if not form.group_size:
        return True
    widths = [w for g in model.layers for w in (g.mlp.width, g.mlp.expert_width) if w]
    return all(width // tp % form.group_size == 0 for width in widths)
