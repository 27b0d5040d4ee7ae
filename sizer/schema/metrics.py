"""The registry of metrics: every name that a rule, a sort or an answer can use.

One name, one unit, one type, one better direction, one sentence, one reference. Everything
that knows names (checker, completion, `sizer explain`, tables of the README) reads it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from attrs import frozen

from sizer.units import NUMBER, Unit, unit

Kind = Literal["number", "bool", "text"]
Better = Literal["higher", "lower", "none"]
Scope = Literal["accelerator", "replica", "model", "request", "all replicas"]


@frozen
class Metric:
    """A column. `members` lists the values that a text can have; empty means open.

    `of` says what the value is of, where quantities of one unit may be of different things;
    `end_of` is the metric of whose interval this is one end; `whole` says that every value is a
    whole number.
    """

    name: str
    kind: Kind
    unit: Unit
    better: Better
    doc: str
    reference: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    of: Scope | None = None
    end_of: str | None = None
    whole: bool = False


MAKERS = ("NVIDIA", "AMD", "Intel", "Google", "AWS", "Huawei", "unknown")
ASKED = "the profile"
CATALOG = "the catalog's source for this entry"
ROOFLINE = "Williams et al., Roofline, CACM 52(4), 2009"
SERVING = "Kwon et al., PagedAttention, SOSP 2023"
CALIBRATED = "the calibration: measurements of groups that were left out of the fit"
MEGATRON = "Shoeybi et al., Megatron-LM, arXiv:1909.08053"


def _number(
    name: str,
    units: str,
    better: Better,
    doc: str,
    reference: str = ROOFLINE,
    aliases: tuple[str, ...] = (),
    of: Scope | None = None,
) -> Metric:
    return Metric(name, "number", unit(units), better, doc, reference, aliases, (), of)


def _count(name: str, units: str, better: Better, doc: str, reference: str) -> Metric:
    return Metric(name, "number", unit(units), better, doc, reference, whole=True)


def _text(name: str, doc: str, reference: str, members: tuple[str, ...] = ()) -> Metric:
    return Metric(name, "text", NUMBER, "none", doc, reference, (), members)


def _truth(name: str, better: Better, doc: str, reference: str) -> Metric:
    return Metric(name, "bool", NUMBER, better, doc, reference)


def _bounds(
    name: str, units: str, better: Better, of: Scope | None = None
) -> tuple[Metric, Metric]:
    """Return the two ends of the interval around a metric."""
    low, high = (
        Metric(
            f"{name}_{end}",
            "number",
            unit(units),
            better,
            f"{end} end of the interval of `{name}`",
            CALIBRATED,
            of=of,
            end_of=name,
        )
        for end in ("low", "high")
    )
    return low, high


MEMORY = (
    _number(
        "weights_gib", "GiB", "lower", "weights on one accelerator", MEGATRON, of="accelerator"
    ),
    _number(
        "checkpoint_gib",
        "GiB",
        "lower",
        "a model's files in this weight format",
        CATALOG,
        of="model",
    ),
    _number(
        "kv_cache_gib",
        "GiB",
        "lower",
        "cache that this load needs on one accelerator",
        SERVING,
        of="accelerator",
    ),
    _number(
        "activations_gib",
        "GiB",
        "lower",
        "peak of activations on one accelerator",
        SERVING,
        of="accelerator",
    ),
    _number(
        "overhead_gib",
        "GiB",
        "lower",
        "memory outside the engine's tensors",
        SERVING,
        of="accelerator",
    ),
    _number(
        "memory_required_gib", "GiB", "lower", "sum of the four parts", SERVING, of="accelerator"
    ),
    _number(
        "memory_headroom_gib",
        "GiB",
        "higher",
        "usable memory that stays free under this load",
        SERVING,
        of="accelerator",
    ),
    _number(
        "kv_pool_gib",
        "GiB",
        "higher",
        "memory that the engine has left for the cache",
        SERVING,
        of="accelerator",
    ),
    _number("kv_bytes_per_token", "B/token", "lower", "cache of one token, one replica", SERVING),
    _number(
        "kv_capacity_tokens",
        "token",
        "higher",
        "tokens that the pool of a replica holds",
        SERVING,
        of="replica",
    ),
    _number(
        "max_concurrency",
        "request",
        "higher",
        "requests of `max_context` that the pool holds",
        SERVING,
        of="replica",
    ),
    _truth("fits", "higher", "whether this load fits into the usable memory", SERVING),
)

MEMORY_BOUNDS = (
    *_bounds("weights_gib", "GiB", "lower", of="accelerator"),
    *_bounds("checkpoint_gib", "GiB", "lower", of="model"),
    *_bounds("kv_cache_gib", "GiB", "lower", of="accelerator"),
    *_bounds("activations_gib", "GiB", "lower", of="accelerator"),
    *_bounds("overhead_gib", "GiB", "lower", of="accelerator"),
    *_bounds("memory_required_gib", "GiB", "lower", of="accelerator"),
    *_bounds("memory_headroom_gib", "GiB", "higher", of="accelerator"),
    *_bounds("kv_pool_gib", "GiB", "higher", of="accelerator"),
    *_bounds("kv_bytes_per_token", "B/token", "lower"),
    *_bounds("kv_capacity_tokens", "token", "higher", of="replica"),
    *_bounds("max_concurrency", "request", "higher", of="replica"),
    _truth(
        "fits_surely",
        "higher",
        "whether this load fits at the high end of what it may need",
        CALIBRATED,
    ),
)

TIME = (
    _number("prefill_ms", "ms", "lower", "time to read one prompt, alone"),
    _number("decode_step_ms", "ms", "lower", "time of one step that gives every request a token"),
    _number("ttft_ms", "ms", "lower", "time to first token, waiting included"),
    _number(
        "itl_ms",
        "ms",
        "lower",
        "mean time between output tokens of one request",
        aliases=("latency_ms",),
    ),
    _number("e2e_ms", "ms", "lower", "whole request: first token and all others"),
    _number(
        "tokens_per_second", "token/s", "higher", "output tokens of all replicas", of="all replicas"
    ),
    _number(
        "tokens_per_second_per_user",
        "token/s",
        "higher",
        "output tokens of one request",
        of="request",
    ),
    _number(
        "tokens_per_second_per_gpu",
        "token/s",
        "higher",
        "output tokens of one accelerator",
        of="accelerator",
    ),
    _number(
        "total_tokens_per_second",
        "token/s",
        "higher",
        "input and output tokens of all replicas",
        of="all replicas",
    ),
    _number(
        "max_tokens_per_second",
        "token/s",
        "higher",
        "output tokens of all replicas when requests never run out",
        of="all replicas",
    ),
    _number("compute_ms", "ms", "lower", "arithmetic of a decode step"),
    _number("bandwidth_ms", "ms", "lower", "memory traffic of a decode step"),
    _number("interconnect_ms", "ms", "lower", "collectives of a decode step"),
    _number("engine_ms", "ms", "lower", "launches and scheduling of a decode step"),
    _truth(
        "compute_bound", "none", "whether arithmetic takes longer than memory traffic", ROOFLINE
    ),
    _text(
        "bottleneck",
        "what takes the longest in a decode step",
        ROOFLINE,
        ("compute", "bandwidth", "interconnect", "overhead"),
    ),
)

COST = (
    _number(
        "cost_usd_per_hour",
        "USD/h",
        "lower",
        "price of all accelerators",
        CATALOG,
        aliases=("cost",),
    ),
    _number(
        "cost_usd_per_month", "USD/month", "lower", "730 hours of `cost_usd_per_hour`", CATALOG
    ),
    _number(
        "cost_usd_per_mtok", "USD/Mtok", "lower", "a million output tokens at this load", CATALOG
    ),
)

BOUNDS = (
    *_bounds("itl_ms", "ms", "lower"),
    *_bounds("ttft_ms", "ms", "lower"),
    *_bounds("tokens_per_second", "token/s", "higher", of="all replicas"),
    *_bounds("max_tokens_per_second", "token/s", "higher", of="all replicas"),
    *_bounds("cost_usd_per_mtok", "USD/Mtok", "lower"),
)

HARDWARE = (
    _text("gpu", "accelerator", CATALOG),
    _text("vendor", "maker of the accelerator", CATALOG, MAKERS),
    _number("gpu_memory_gb", "GB", "none", "memory on the box, of one accelerator", CATALOG),
    _number("gpu_bandwidth_gb_s", "GB/s", "none", "memory bandwidth of one accelerator", CATALOG),
    _number(
        "compute_capability", "1", "none", "NVIDIA's number for what the device can do", CATALOG
    ),
    _count("launch_year", "year", "none", "year of the accelerator's launch", CATALOG),
    _number("tdp_w", "W", "lower", "thermal design power of one accelerator", CATALOG),
)

QUESTION = (
    _text("model", "model", CATALOG),
    _number("params_b", "1", "none", "parameters, in billions", CATALOG),
    _number(
        "active_params_b", "1", "none", "parameters that one token touches, in billions", CATALOG
    ),
    _text("attention", "kind of attention", CATALOG, ("mha", "gqa", "mqa", "mla", "hybrid")),
    _truth("is_moe", "none", "whether tokens are routed to experts", CATALOG),
    _count("max_context", "token", "none", "longest sequence that is promised", ASKED),
    _text("weights", "weight format", ASKED),
    _text("kv_format", "format of the cache", ASKED),
    _count("tp", "1", "none", "tensor-parallel size", MEGATRON),
    _count("pp", "1", "none", "pipeline-parallel size", MEGATRON),
    _count("ep", "1", "none", "expert-parallel size", "Lepikhin et al., GShard, arXiv:2006.16668"),
    _count(
        "dp",
        "1",
        "none",
        "attention groups that share experts",
        "DeepSeek-AI, DeepSeek-V3, arXiv:2412.19437",
    ),
    _count("gpus", "1", "lower", "accelerators over all replicas", ASKED),
    _count("replicas", "1", "none", "copies that share the load", ASKED),
    _text("engine", "serving engine", ASKED, ("vllm", "sglang", "trtllm", "generic")),
    _number(
        "concurrency",
        "request",
        "none",
        "requests in flight, over all replicas",
        ASKED,
        of="all replicas",
    ),
    _count("input_tokens", "token", "none", "prompt length", ASKED),
    _count("output_tokens", "token", "none", "answer length", ASKED),
    _number(
        "request_rate",
        "request/s",
        "none",
        "arrivals over all replicas; unknown when not given",
        ASKED,
    ),
)

METRICS: tuple[Metric, ...] = (
    *MEMORY,
    *MEMORY_BOUNDS,
    *TIME,
    *COST,
    *BOUNDS,
    *HARDWARE,
    *QUESTION,
)


@cache
def registry() -> Mapping[str, Metric]:
    """Return every metric by name and by alias."""
    names = {metric.name: metric for metric in METRICS}
    names |= {alias: metric for metric in METRICS for alias in metric.aliases}
    return MappingProxyType(names)
