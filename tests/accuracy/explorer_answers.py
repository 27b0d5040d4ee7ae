"""What config_explorer (PyPI llm-d-planner) answers for a start-up: its functions, our files.

It reads a checkpoint's size from the hub; here it is given the catalog's, which is the same to
0.01 %. Its activations, memory outside the allocator and cache of a token are its own.
"""

from __future__ import annotations

from unittest.mock import patch

from planner import capacity_planner

from sizer.catalog.explorer import activation_gib
from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.catalog.models import find_model
from sizer.estimate.device.checkpoint import checkpoint_bytes
from sizer.estimate.engine import settings
from sizer.schema.asked.point import Point
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment
from sizer.units import GIB


def answered(point: Point) -> dict[str, float]:
    """Return its figures by our names; what it cannot read is left out.

    Memory is that of one accelerator; requests are not rounded down, which it does.
    """
    model, gpu = find_model(point.model).value, find_gpu(point.gpu).value
    memory = point.gpu_memory_gib or gpu.memory_gib
    tp, pp = point.tp or 1, point.pp or 1
    engine = Engine(version=point.engine_version)
    share = point.gpu_memory_utilization or settings(engine, gpu).gpu_memory_utilization
    size = _checkpoint_gib(model, point.weights or model.weights)
    with (
        patch.object(capacity_planner, "model_memory_req", lambda *_: size),
        patch.object(
            capacity_planner,
            "estimate_vllm_activation_memory",
            lambda *_, **__: activation_gib(model),
        ),
    ):
        pool = capacity_planner.allocatable_kv_cache_memory(
            point.model, None, memory, share, tp, pp, max_model_len=point.max_context
        )
        weights = capacity_planner.per_gpu_model_memory_required(point.model, None, tp, pp)
    return {"weights_gib": weights, "kv_pool_gib": pool / tp / pp, **_requests(model, pool, point)}


def _checkpoint_gib(model: Model, weights: str) -> float:
    placed = Deployment(model, find_weight_format(weights), find_kv_format("bf16"))
    return checkpoint_bytes(placed) / GIB


def _requests(model: Model, pool_gib: float, point: Point) -> dict[str, float]:
    each, longest = model.explorer_kv_bytes_per_token, point.max_context
    if not each or not longest:
        return {}
    tokens = pool_gib * GIB / each
    return {
        "kv_bytes_per_token": float(each),
        "kv_capacity_tokens": tokens,
        "max_concurrency": tokens / longest,
        "request_gib": longest * each / GIB / (point.tp or 1) / (point.pp or 1),
    }
