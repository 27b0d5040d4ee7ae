"""The starter profile: every key with its sentence, from the schema that reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from attrs import Attribute, fields

from sizer.schema.asked.disaggregated import Disaggregated, Reading, Side
from sizer.schema.asked.energy import Energy
from sizer.schema.asked.key import key_name
from sizer.schema.asked.profile import (
    BY_HAND,
    BY_HAND_TOO,
    Estimation,
    Fleet,
    ModelAsk,
    Profile,
    Rule,
    Select,
    Waiver,
)
from sizer.schema.asked.serving import Engine, Speculative, Workload

VALUES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "": {"dsl": 1, "description": "which accelerators for our chat model"},
        "[[models]]": {"name": "Qwen/Qwen2.5-7B", "weights": ("bf16", "fp8")},
        "[fleet]": {"gpus": ("H100-SXM5-80GB", "A100-SXM4-80GB", "L4")},
        "[workload]": {
            "input_tokens": (1024,),
            "output_tokens": (256,),
            "concurrency": (1, 8, 32),
        },
        "[engine]": {},
        "[estimator]": {},
        "[select]": {
            "where": ("fits", "itl_ms <= 50"),
            "sort": "cost_usd_per_mtok then tokens_per_second",
            "limit": 5,
        },
        "[[rule]]": {
            "id": "slo.interactive",
            "require": "ttft_ms <= 500",
            "level": "error",
            "message": "{gpu} x{gpus}: {ttft_ms:.0f} ms to the first token",
        },
    }
)
EXAMPLES: Mapping[str, Any] = MappingProxyType(
    {
        "extends": ("pack:latency-slo",),
        "max_gpus": 64,
        "replicas": "fewest",
        "Reading.replicas": (1, 2),
        "Reading.gpus": ("H100-SXM5-80GB",),
        "Side.replicas": (1, 2),
        "spare_replicas": 1,
        "tp": (2, 4),
        "pp": (1,),
        "dp": (1,),
        "ep": (1,),
        "node_link_gb_s": 50.0,
        "link_gb_s": 50.0,
        "provider": "aws",
        "region": "us-east-1",
        "task": "embed",
        "request_rate": (2.5,),
        "request_rate_by_hour": (*range(1, 13), *range(12, 0, -1)),
        "users": (500,),
        "cpu_cache_gib": 200.0,
        "cpu_cache_gb_s": 50.0,
        "disk_cache_gib": 1000.0,
        "disk_cache_gb_s": 10.0,
        "requests": 300,
        "preset": "chat",
        "traffic": "traffic.toml",
        "trace": "traces/chat.csv",
        "window": 10,
        "quantile": 0.99,
        "input_tokens_percentiles": {"p50": 800, "p90": 3000},
        "output_tokens_percentiles": {"p50": 100, "p90": 500},
        "max_context": 8192,
        "shared_prefix_tokens": 800,
        "prefix_groups": 20,
        "router": "affine",
        "version": "0.10.2",
        "confidence": 0.9,
        "gpu_memory_utilization": 0.9,
        "max_num_batched_tokens": 8192,
        "max_num_seqs": 256,
        "kv_cache_memory_bytes": 42_949_672_960,
        "block_size": 16,
        "layers_per_stage": (40, 40),
        "method": "draft_model",
        "model": "Qwen/Qwen2.5-0.5B",
        "tokens": (0, 1, 3),
        "acceptance_length": (1.0, 1.7, 2.4),
        "acceptance_curve": "dsv4_mtp thinking_on",
        "cudagraph_capture_sizes": (1, 2, 4, 8, 16, 32),
        "max_cudagraph_capture_size": 64,
        "async_scheduling": False,
        "images_per_prompt": 4,
        "swa_full_tokens_ratio": 0.8,
        "mamba_full_memory_ratio": 0.9,
        "max_mamba_cache_size": 64,
        "mamba_ssm_dtype": "bfloat16",
        "ctx_size": 32768,
        "gpu_layers": 40,
        "when": "params_b >= 7",
        "params": {"max_ttft_ms": 500},
        "metrics": {"value": "tokens_per_second / cost_usd_per_hour"},
        "levels": {"slo.pace": "warning"},
        "tags": ("interactive",),
        "from": date(2027, 1, 1),
        "rule": "slo.interactive",
        "match": "gpu == 'L4'",
        "reason": "the pilot runs until the new cards arrive",
        "owner": "platform team",
        "expires": date(2027, 1, 31),
        "ticket": "OPS-17",
        "usd_per_kwh": 0.08,
        "gco2_per_kwh": 300.0,
        "host_w": 2500.0,
    }
)
_NESTED = frozenset({"models", "rule", "waiver", "custom", "owned"})
_TABLES: tuple[tuple[str, type], ...] = (
    ("", Profile),
    ("[[models]]", ModelAsk),
    ("[fleet]", Fleet),
    ("[workload]", Workload),
    ("[engine]", Engine),
    ("[engine.speculative]", Speculative),
    ("[engine.disaggregated]", Disaggregated),
    ("[engine.disaggregated.prefill]", Reading),
    ("[engine.disaggregated.decode]", Side),
    ("[energy]", Energy),
    ("[estimator]", Estimation),
    ("[select]", Select),
    ("[[rule]]", Rule),
    ("[[waiver]]", Waiver),
)


def starter() -> str:
    """Return a profile that runs as it is; keys that it does not need are comments."""
    return "\n\n".join("\n".join(_table(header, cls)) for header, cls in _TABLES) + "\n"


def _table(header: str, cls: type) -> Iterator[str]:
    if header:
        yield header if header in VALUES else f"# {header}"
    else:
        yield "# A question for `sizer run`. A key behind a `#` shows its default, or an example."
    for attribute in fields(cls):
        if "unit" in attribute.metadata and not _is_apart(attribute):
            yield _line(attribute, cls.__name__, VALUES.get(header, {}))


def _line(attribute: Attribute[Any], table: str, values: Mapping[str, Any]) -> str:
    name = key_name(attribute)
    note = _note(attribute)
    if name in values:
        return f"{name} = {_toml(values[name])}  # {note}"
    shown = EXAMPLES.get(f"{table}.{name}", EXAMPLES.get(name, attribute.default))
    return f"# {name} = {_toml(shown)}  # {note}"


def _note(attribute: Attribute[Any]) -> str:
    unit = attribute.metadata["unit"]
    doc: str = attribute.metadata["doc"]
    return f"{doc} [{unit}]" if unit else doc


def _is_apart(attribute: Attribute[Any]) -> bool:
    """Return whether a key opens tables of its own, or replaces the catalog's numbers."""
    nested = attribute.name in _NESTED and attribute.default == ()
    return nested or attribute.name in {*BY_HAND, *BY_HAND_TOO}


def _toml(value: Any) -> str:
    """Return a scalar, a list or a table as TOML, which writes the first two as JSON does."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{json.dumps(k)} = {_toml(v)}' for k, v in value.items())}}}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
