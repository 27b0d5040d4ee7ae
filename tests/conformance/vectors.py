"""What the vectors ask of the estimator: a deployment's cache and weights on one accelerator."""

from __future__ import annotations

from math import ceil

from scenarios import deployment

from sizer.catalog.gpus import find_gpu
from sizer.estimate.device.cache import Layout, layout
from sizer.estimate.device.footprint import binding_stage
from sizer.estimate.device.loaded import stage_weight_bytes
from sizer.estimate.device.packed_cache import Paged
from sizer.estimate.engine.settings import settings
from sizer.load.points import Row
from sizer.pipeline.points import estimate_points
from sizer.schema.answered.report import Value
from sizer.schema.asked.point import Point
from sizer.schema.asked.serving import Engine

H100 = find_gpu("H100-SXM5-80GB").value
MIB = 2**20
CURRENT = Engine()
GIB = 2**30


def laid_out(model: str, version: str = "0.19.0", kv_format: str = "bf16", **split: int) -> Layout:
    """Return how vLLM lays out the cache of a model in its own weight format."""
    return layout(
        deployment(model, kv_format=kv_format, **split), settings(Engine(version=version), H100)
    )


def request_bytes(cache: Layout, tokens: int, chunk: int = 8192) -> float:
    """Return the bytes that vLLM wants free for a request, so many tokens of it in flight."""
    full = ceil(tokens / cache.full_block_tokens) * cache.full_block_bytes
    window = Paged(cache.window_block_bytes, cache.window_block_tokens, cache.window_tokens)
    sliding = (
        ceil(min(each.kept_tokens - 1 + chunk, tokens) / each.block_tokens) * each.block_bytes
        for each in (window, cache.overlapped, cache.pressed)
    )
    return full + sum(sliding) + cache.fixed_request_bytes


def weight_bytes(model: str, weights: str = "bf16", version: str = "0.19.0", **split: int) -> float:
    """Return the weights on one H100 of the stage that leaves the least room."""
    placed, used = deployment(model, weights, **split), settings(Engine(version=version), H100)
    return stage_weight_bytes(placed, binding_stage(placed, used), used.version)


def held_bytes(model: str, weights: str = "bf16", engine: Engine = CURRENT, **split: int) -> float:
    """Return the weights on one H100 under settings of an engine."""
    placed, used = deployment(model, weights, **split), settings(engine, H100)
    return stage_weight_bytes(placed, binding_stage(placed, used), used.version, used.extras)


def started(model: str, **asked: object) -> dict[str, Value]:
    """Return the metrics of a start-up: a point of the model in its own formats."""
    point = Point(model, **asked)  # type: ignore[arg-type]
    (found,) = estimate_points([Row(point)])
    assert found.problem is None, found.problem
    return dict(found.metrics)
