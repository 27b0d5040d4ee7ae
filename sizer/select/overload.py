"""How much more arrives than a candidate serves, and how many replicas would keep up."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

from sizer.schema.answered.report import Overload, Value

FIGURES = ("request_rate", "max_request_rate", "replicas", "gpus", "spare_replicas")


def overload_of(metrics: Mapping[str, Value]) -> Overload | None:
    """Return the overload of a candidate; None where it keeps up, or where its most is unknown."""
    rate, most, replicas, gpus, spare = (_number(metrics, name) for name in FIGURES)
    if metrics.get("overloaded") is not True or not (rate and most and replicas and gpus):
        return None
    needed, copies = floor(rate * replicas / most) + 1, replicas + (spare or 0)
    total = (needed + int(spare or 0)) * int(gpus / copies)
    return Overload(rate, most, int(replicas), needed, total)


def excess(lacking: Overload) -> tuple[float, int, int]:
    """Return how far a candidate is from keeping up, to be compared: the rates, then the size."""
    return lacking.request_rate / lacking.max_request_rate, lacking.gpus_needed, lacking.replicas


def _number(metrics: Mapping[str, Value], name: str) -> float | None:
    value = metrics.get(name)
    return value if isinstance(value, float) else None
