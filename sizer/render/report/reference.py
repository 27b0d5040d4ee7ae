"""The reference recommender's JSON: its names and units (1e9 bytes), and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any

from attrs import evolve

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import number
from sizer.render.report.reasons import why
from sizer.schema.answered.recommendation import GpuVerdict, Outcome, Performance, Reason
from sizer.schema.answered.report import Answer, NearMiss, Report, Value
from sizer.units import GB, GIB

MS_PER_S = 1000.0
NOTHING_TO_SPLIT = "no split of it takes the model"


def render(report: Report, _: Look) -> str:
    """Return `{"recommendations": [...]}` of a report; unknown is null."""
    outcomes = [outcome_of(answer) for answer in report.answers]
    return dumped({"recommendations": [recommendation(each) for each in outcomes]})


def render_outcomes(
    outcomes: Iterable[Outcome], parameters: Mapping[str, Any], assumptions: Sequence[str]
) -> str:
    """Return the reference command's JSON; unknown and infinite are null."""
    return dumped(
        {
            "parameters": dict(parameters),
            "recommendations": [recommendation(each) for each in outcomes],
            "assumptions": list(assumptions),
        }
    )


def recommendation(outcome: Outcome) -> dict[str, Any]:
    """Return one model's recommendation; memory is of one accelerator."""
    best = outcome.qualified[0] if outcome.qualified else None
    shown = None if best is None or best.performance is None else performance(best.performance)
    return {
        "model_name": outcome.model,
        "recommended_gpu": None if best is None else best.gpu,
        "performance": shown,
        "reasoning": reasoning(outcome),
        "all_compatible_gpus": [compatible(each, outcome) for each in outcome.qualified],
        "incompatible_gpus": [refused(each, outcome) for each in outcome.refused],
        "notes": list(outcome.notes),
    }


def performance(found: Performance) -> dict[str, Value]:
    """Return the numbers of a performance; what is not finite is None."""
    whole = {"tensor_parallel_size"}
    return {name: number(value, whole=name in whole) for name, value in found.to_dict().items()}


def compatible(verdict: GpuVerdict, outcome: Outcome) -> dict[str, Any]:
    """Return what is said of an accelerator in one split."""
    found = verdict.performance
    return {
        "gpu_name": verdict.gpu,
        **({} if found is None else performance(found)),
        "fits": None if found is None else found.fits_in_memory,
        "memory_available_gb": number(verdict.memory_available_gb),
        "meets_latency_requirement": _meets(found, outcome.latency_bound_ms),
        "cost_per_hour": number(verdict.cost_per_hour),
    }


def refused(verdict: GpuVerdict, outcome: Outcome) -> dict[str, Any]:
    """Return what is said of an accelerator that does not qualify, and why it does not."""
    return {**compatible(verdict, outcome), "reason": why_not(verdict, outcome.latency_bound_ms)}


def why_not(verdict: GpuVerdict, bound_ms: float | None) -> str:
    """Return why an accelerator does not qualify, with the figures that decided."""
    found = verdict.performance
    if found is None:
        return verdict.detail or NOTHING_TO_SPLIT
    if verdict.refused == "memory":
        return (
            f"{_split(found)} it needs {_gb(found.memory_required_gb)} "
            f"of {_gb(verdict.memory_available_gb)} on each"
        )
    if verdict.refused == "condition":
        return f"{_split(found)} it does not keep: {verdict.detail}"
    if verdict.refused == "unknown latency":
        return f"its time between tokens is unknown, {_ms(bound_ms)} is the most allowed"
    return f"{_split(found)} {_ms(found.intertoken_latency_ms)} between tokens, {_most(bound_ms)}"


def reasoning(outcome: Outcome) -> str:
    """Return why the recommended accelerator, or why none."""
    said = [_selected(outcome) if outcome.qualified else _nothing(outcome), *outcome.notes]
    return " ".join(f"{each[:1].upper()}{each[1:]}." for each in said)


def summary(outcome: Outcome) -> str:
    """Return one line on a model: what is recommended and how fast, or why nothing is."""
    if not outcome.qualified:
        return f"{outcome.model}: {_nothing(outcome)}"
    best = outcome.qualified[0]
    return f"{outcome.model}: {_figures(best)}"


def outcome_of(answer: Answer) -> Outcome:
    """Return the answer of a profile as the reference recommender would put it.

    The note says why by the profile's own conditions and order, which chose the first.
    """
    first = [] if answer.chosen is None else [answer.chosen]
    gpu = answer.chosen and answer.chosen.metrics.get("gpu")
    others = (each for each in answer.per_gpu if each.metrics.get("gpu") != gpu)
    qualified = tuple(_verdict(each.metrics) for each in (*first, *others))
    missed = tuple(_missed(answer.near_miss))
    return Outcome(answer.model, qualified, missed, notes=(why(answer),))


def performance_of(metrics: Mapping[str, Value]) -> Performance:
    """Return a candidate's numbers under the reference system's names."""
    fits = metrics.get("fits") is True
    e2e_ms = _number(metrics, "e2e_ms")
    return Performance(
        tokens_per_second=_number(metrics, "tokens_per_second") if fits else 0.0,
        intertoken_latency_ms=_number(metrics, "itl_ms") if fits else inf,
        memory_required_gb=gigabytes(metrics, "memory_required_gib"),
        memory_weights_gb=gigabytes(metrics, "weights_gib"),
        memory_kv_cache_gb=gigabytes(metrics, "kv_cache_gib"),
        fits_in_memory=fits,
        compute_bound=metrics.get("compute_bound") is True if fits else None,
        tensor_parallel_size=int(_number(metrics, "tp") or 1),
        ttft_ms=_number(metrics, "ttft_ms") if fits else inf,
        e2e_latency_s=(None if e2e_ms is None else e2e_ms / MS_PER_S) if fits else inf,
        bottleneck=_text(metrics, "bottleneck") if fits else None,
        memory_activations_gb=gigabytes(metrics, "activations_gib"),
        memory_overhead_gb=gigabytes(metrics, "overhead_gib"),
    )


def available_gb(metrics: Mapping[str, Value]) -> float | None:
    """Return the memory that an engine may use of one accelerator, in 1e9 bytes."""
    needed = gigabytes(metrics, "memory_required_gib")
    free = gigabytes(metrics, "memory_headroom_gib")
    return None if needed is None or free is None else needed + free


def gigabytes(metrics: Mapping[str, Value], name: str) -> float | None:
    """Return a size in 1e9 bytes."""
    value = _number(metrics, name)
    return None if value is None else value * GIB / GB


def _meets(found: Performance | None, bound_ms: float | None) -> bool | None:
    if found is None or bound_ms is None:
        return None if found is None else True
    return _or_inf(found.intertoken_latency_ms) <= bound_ms


def _missed(miss: NearMiss | None) -> Iterator[GpuVerdict]:
    """Yield the candidate that broke the fewest conditions, with those."""
    if miss is None:
        return
    found = _verdict(miss.metrics)
    reason: Reason = "condition" if miss.metrics.get("fits") is True else "memory"
    yield evolve(found, refused=reason, detail=", ".join(each.text for each in miss.bounds))


def _verdict(metrics: Mapping[str, Value]) -> GpuVerdict:
    return GpuVerdict(
        gpu=str(metrics.get("gpu")),
        performance=performance_of(metrics),
        memory_available_gb=available_gb(metrics),
        cost_per_hour=_cost_of_one(metrics),
        gpus=int(_number(metrics, "gpus") or 1),
    )


def _cost_of_one(metrics: Mapping[str, Value]) -> float | None:
    cost, gpus = _number(metrics, "cost_usd_per_hour"), _number(metrics, "gpus")
    return None if cost is None or not gpus else cost / gpus


def _number(metrics: Mapping[str, Value], name: str) -> float | None:
    value = metrics.get(name)
    return value if isinstance(value, float) else None


def _text(metrics: Mapping[str, Value], name: str) -> str | None:
    value = metrics.get(name)
    return value if isinstance(value, str) else None


def _selected(outcome: Outcome) -> str:
    best, *others = outcome.qualified
    found = best.performance
    said = f"selected {_figures(best)}"
    if found is not None:
        said += f"; it needs {_gb(found.memory_required_gb)} of {_gb(best.memory_available_gb)}"
        said += " on each" if found.tensor_parallel_size > 1 else ""
        said += f", and {found.bottleneck} bounds its steps" if found.bottleneck else ""
    other = next((each for each in others if each.gpu != best.gpu), None)
    return f"{said}; next comes {_figures(other)}" if other else said


def _nothing(outcome: Outcome) -> str:
    """Return why nothing qualifies: the best latency in reach, else the memory that lacks."""
    slow = [each for each in outcome.refused if each.refused == "latency"]
    if slow:
        nearest = min(slow, key=lambda each: _or_inf(_latency_ms(each)))
        where = f"{_named(nearest)}, {_ms(_latency_ms(nearest))}"
        bound = f"the latency requirement of {_ms(outcome.latency_bound_ms)} between tokens"
        return f"no compatible GPU meets {bound}; best is {where}"
    short = [each for each in outcome.refused if each.refused == "memory"]
    if short:
        nearest = min(short, key=_missing_gb)
        return f"no compatible GPU; nearest is {nearest.gpu}: {why_not(nearest, None)}"
    whys = [f"{each.gpu}: {why_not(each, outcome.latency_bound_ms)}" for each in outcome.refused]
    return "; ".join(("no compatible GPU", *whys[:3]))


def _missing_gb(verdict: GpuVerdict) -> float:
    found, available = verdict.performance, verdict.memory_available_gb
    needed = None if found is None else found.memory_required_gb
    return inf if needed is None or available is None else needed - available


def _latency_ms(verdict: GpuVerdict) -> float | None:
    return None if verdict.performance is None else verdict.performance.intertoken_latency_ms


def _or_inf(value: float | None) -> float:
    return inf if value is None else value


def _figures(verdict: GpuVerdict) -> str:
    found = verdict.performance
    if found is None:
        return _named(verdict)
    rate = found.tokens_per_second
    fast = "unknown tokens/s" if rate is None else f"{rate:,.2f} tokens/s"
    return f"{_named(verdict)}: {fast}, {_ms(found.intertoken_latency_ms)} between tokens"


def _named(verdict: GpuVerdict) -> str:
    split = 1 if verdict.performance is None else verdict.performance.tensor_parallel_size
    return f"{verdict.gpus or split}x {verdict.gpu}"


def _split(found: Performance) -> str:
    count = found.tensor_parallel_size
    return "on one" if count == 1 else f"with tensor parallelism over {count}"


def _most(bound_ms: float | None) -> str:
    return f"{_ms(bound_ms)} is the most allowed"


def _ms(value: float | None) -> str:
    return "unknown ms" if value is None else f"{value:,.2f} ms"


def _gb(value: float | None) -> str:
    return "unknown GB" if value is None else f"{value:,.1f} GB"
