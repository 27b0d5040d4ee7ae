"""Metrics of traffic: percentiles of latencies as requests have them, and their wait."""

from __future__ import annotations

from collections.abc import Iterable

from sizer.schema.metrics.metric import Metric, number
from sizer.schema.metrics.references import QUEUES

PERCENTS = (50, 90, 95, 99)
LATENCIES = (
    ("ttft", "time to first token that {} % of requests do not exceed"),
    ("tpot", "mean gap between tokens of one request, which {} % of requests do not exceed"),
    ("itl", "single gap between tokens, which {} % of gaps do not exceed"),
    ("e2e", "whole request that {} % of requests do not exceed"),
)


def _percentile(name: str, doc: str, percent: int) -> Metric:
    return number(f"{name}_p{percent}_ms", "ms", "lower", doc.format(percent), QUEUES)


PERCENTILES = tuple(
    _percentile(name, doc, percent) for name, doc in LATENCIES for percent in PERCENTS
)
TRAFFIC = (
    number(
        "queue_ms",
        "ms",
        "lower",
        "mean wait for a place, and behind more prompts than one step takes",
        QUEUES,
    ),
    *PERCENTILES,
)
NAMED = frozenset(metric.name for metric in PERCENTILES)


def together(names: Iterable[str]) -> tuple[str, ...]:
    """Return names with all percentiles as one word."""
    return tuple(dict.fromkeys("percentiles" if name in NAMED else name for name in names))
