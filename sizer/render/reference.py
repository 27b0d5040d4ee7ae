"""The reference recommender's JSON: its names, its units (1e9 bytes), nothing beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sizer.render.document import number
from sizer.render.json import dumped
from sizer.render.look import Look
from sizer.schema.answered.report import Answer, Choice, Report, Value
from sizer.units import GB, GIB

PERFORMANCE: Mapping[str, str] = {
    "tokens_per_second": "tokens_per_second",
    "intertoken_latency_ms": "itl_ms",
    "memory_required_gb": "memory_required_gib",
    "memory_weights_gb": "weights_gib",
    "memory_kv_cache_gb": "kv_cache_gib",
    "fits_in_memory": "fits",
    "compute_bound": "compute_bound",
    "tensor_parallel_size": "tp",
}


def render(report: Report, _: Look) -> str:
    """Return `{"recommendations": [...]}`; unknown is null."""
    return dumped({"recommendations": [recommendation(each) for each in report.answers]})


def recommendation(answer: Answer) -> dict[str, Any]:
    """Return one model's recommendation; memory is of one accelerator."""
    chosen = answer.chosen
    return {
        "model_name": answer.model,
        "recommended_gpu": None if chosen is None else chosen.metrics.get("gpu"),
        "performance": None if chosen is None else performance(chosen),
        "reasoning": answer.reasoning,
        "all_compatible_gpus": [_compatible(choice) for choice in answer.per_gpu],
    }


def performance(choice: Choice) -> dict[str, Value]:
    """Return a candidate's numbers under the reference system's names."""
    return {theirs: _value(choice, ours) for theirs, ours in PERFORMANCE.items()}


def _compatible(choice: Choice) -> dict[str, Value]:
    return {
        "gpu_name": choice.metrics.get("gpu"),
        **performance(choice),
        "cost_per_hour": _value(choice, "cost_usd_per_hour"),
    }


def _value(choice: Choice, name: str) -> Value:
    value = choice.metrics.get(name)
    if isinstance(value, float) and name.endswith("_gib"):
        value *= GIB / GB
    return number(value, whole=name == "tp")
