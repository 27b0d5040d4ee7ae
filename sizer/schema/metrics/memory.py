"""Metrics of memory: what weights, cache and activations take, and what is left."""

from __future__ import annotations

from sizer.schema.metrics.metric import intervals, number, truth
from sizer.schema.metrics.references import CALIBRATED, CATALOG, MEGATRON, SERVING

MEMORY = (
    number("weights_gib", "GiB", "lower", "weights on one accelerator", MEGATRON, of="accelerator"),
    number(
        "checkpoint_gib",
        "GiB",
        "lower",
        "a model's files in this weight format",
        CATALOG,
        of="model",
    ),
    number(
        "kv_cache_gib",
        "GiB",
        "lower",
        "cache that this load needs on one accelerator",
        SERVING,
        of="accelerator",
    ),
    number(
        "activations_gib",
        "GiB",
        "lower",
        "peak of activations on one accelerator",
        SERVING,
        of="accelerator",
    ),
    number(
        "overhead_gib",
        "GiB",
        "lower",
        "memory outside the engine's tensors",
        SERVING,
        of="accelerator",
    ),
    number(
        "memory_required_gib", "GiB", "lower", "sum of the four parts", SERVING, of="accelerator"
    ),
    number(
        "memory_headroom_gib",
        "GiB",
        "higher",
        "usable memory that stays free under this load",
        SERVING,
        of="accelerator",
    ),
    number(
        "memory_headroom_share",
        "1",
        "higher",
        "`memory_headroom_gib` over the memory of the accelerator, both in GiB",
        SERVING,
        of="accelerator",
    ),
    number(
        "kv_pool_gib",
        "GiB",
        "higher",
        "memory that the engine has left for the cache",
        SERVING,
        of="accelerator",
    ),
    number("kv_bytes_per_token", "B/token", "lower", "cache of one token, one replica", SERVING),
    number(
        "kv_capacity_tokens",
        "token",
        "higher",
        "tokens that the pool of a replica holds",
        SERVING,
        of="replica",
    ),
    number(
        "max_concurrency",
        "request",
        "higher",
        "requests of `max_context` that the pool holds",
        SERVING,
        of="replica",
    ),
    truth("fits", "higher", "whether this load fits into the usable memory", SERVING),
)

MEMORY_BOUNDS = (
    *intervals(*(metric for metric in MEMORY if metric.kind == "number")),
    truth(
        "fits_surely",
        "higher",
        "whether this load fits at the high end of what it may need",
        CALIBRATED,
    ),
)
