"""Metrics of cost."""

from __future__ import annotations

from sizer.schema.metrics.metric import number
from sizer.schema.metrics.references import CATALOG

COST = (
    number(
        "cost_usd_per_hour",
        "USD/h",
        "lower",
        "price of the whole instances that hold all replicas",
        CATALOG,
        aliases=("cost",),
    ),
    number("cost_usd_per_month", "USD/month", "lower", "730 hours of `cost_usd_per_hour`", CATALOG),
    number(
        "cost_usd_per_mtok", "USD/Mtok", "lower", "a million output tokens at this load", CATALOG
    ),
)
