"""Values as programs read them: in a fixed order, without a last bit, unknown as None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from math import isfinite

from attrs import asdict

from sizer.schema.answered.report import Bound, Overload, Value
from sizer.schema.metrics import METRICS

COUNTED = frozenset({"1", "token", "request", "year"})
DIGITS = 12
METRIC_COLUMNS = tuple(metric.name for metric in METRICS)


def ordered(metrics: Mapping[str, Value]) -> dict[str, Value]:
    """Return metrics in the registry's order, others after them by name."""
    counted = _counted()
    names = [name for name in counted if name in metrics]
    others = sorted(metrics.keys() - counted.keys())
    return {
        name: number(metrics[name], whole=counted.get(name, False)) for name in (*names, *others)
    }


@cache
def _counted() -> Mapping[str, bool]:
    """Return for each metric of the registry, in order, whether it is counted."""
    return {metric.name: str(metric.unit) in COUNTED for metric in METRICS}


def number(value: Value, *, whole: bool = False) -> Value:
    """Return a value with DIGITS significant digits, so that no platform's last bit shows.

    What is not finite is None. With `whole`, a number without a fraction is an int.
    """
    if not isinstance(value, float):
        return value
    if not isfinite(value):
        return None
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if whole and rounded.is_integer() else rounded


def bounds(found: Iterable[Bound]) -> list[dict[str, Value]]:
    """Return comparisons that are not passed."""
    return [{name: number(value) for name, value in asdict(each).items()} for each in found]


def overloaded(lacking: Overload) -> dict[str, Value]:
    """Return what a candidate lacks to keep up."""
    return {name: number(value) for name, value in asdict(lacking).items()}
