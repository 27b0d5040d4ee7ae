"""Numbers as people read them: four digits, thousands apart, units beside them."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, isnan
from types import MappingProxyType

from sizer.schema.answered.report import Value
from sizer.schema.metrics import registry

UNKNOWN = "unknown"
DASH = "\N{EN DASH}"
HEADLINE = (
    "ttft_ms",
    "itl_ms",
    "tokens_per_second",
    "bottleneck",
    "memory_required_gib",
    "memory_headroom_gib",
    "cost_usd_per_hour",
    "cost_usd_per_mtok",
)
READING = (
    "e2e_ms",
    "e2e_p99_ms",
    "requests_per_second",
    "max_request_rate",
    "bottleneck",
    "memory_required_gib",
    "cost_usd_per_hour",
    "cost_usd_per_mtok_input",
)  # where nothing is written
SOUGHT = ("goodput_per_s", "goodput_per_s_per_gpu")  # known where they were looked for
_PLURAL = {
    "token": "tokens",
    "token/s": "tokens/s",
    "request": "requests",
    "request/s": "requests/s",
}
_SILENT = {"1", "year"}
NO_OWN: Mapping[str, str] = MappingProxyType({})


def usual(metrics: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the metrics that every choice of its kind shows first."""
    return READING if metrics.get("output_tokens") == 0.0 else HEADLINE


def headline(metrics: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the metrics that a choice shows first, and those that were looked for."""
    return (*usual(metrics), *(name for name in SOUGHT if metrics.get(name) is not None))


def figure(value: Value) -> str:
    """Return a value without its unit; what is unknown says so."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else digits(value)


def measured(name: str, metrics: Mapping[str, Value], own: Mapping[str, str] = NO_OWN) -> str:
    """Return a metric with its unit, like `1,234 tokens/s`; `own` has units of a profile's own."""
    return with_unit(metrics.get(name), _symbol(name, own))


def with_unit(value: Value, symbol: str) -> str:
    """Return a value with a unit, like `1 token/s` or `1,234 tokens/s`; unknown has none."""
    return f"{figure(value)}{unit_behind(value, symbol)}"


def unit_behind(value: Value, symbol: str) -> str:
    """Return the unit as it follows a value, after a blank; empty behind what is unknown."""
    if value is None or symbol in {"", *_SILENT}:
        return ""
    return f" {symbol if value == 1 else _PLURAL.get(symbol, symbol)}"


def interval(name: str, metrics: Mapping[str, Value]) -> str:
    """Return a metric's interval; it is empty for one that has none, or with an unknown end."""
    return between(metrics.get(f"{name}_low"), metrics.get(f"{name}_high"))


def between(low: Value, high: Value) -> str:
    """Return both ends in three digits, a dash between them; empty if one is unknown."""
    if not isinstance(low, float) or not isinstance(high, float):
        return ""
    if not (isfinite(low) and isfinite(high)):
        return ""
    return f"{_short(low)}{DASH if low >= 0 else ' to '}{_short(high)}"


def unit_of(name: str, own: Mapping[str, str] = NO_OWN) -> str:
    """Return the symbol of a metric's unit, empty for a bare number."""
    written = _symbol(name, own)
    return "" if written in _SILENT else _PLURAL.get(written, written)


def _symbol(name: str, own: Mapping[str, str]) -> str:
    metric = registry().get(name)
    return own.get(name, "") if metric is None else str(metric.unit)


def _short(value: float) -> str:
    return digits(float(f"{value:.3g}"))


def digits(value: float) -> str:
    """Return a number in four digits, or whole with its thousands apart."""
    if not isfinite(value):
        return UNKNOWN if isnan(value) else "unbounded"
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.4g}"
