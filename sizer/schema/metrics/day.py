"""Metrics of a day: what a fleet comes to whose replicas follow the hours."""

from __future__ import annotations

from sizer.schema.metrics.metric import number
from sizer.schema.metrics.references import ASKED, CATALOG

DAY = (
    number(
        "mean_gpus",
        "1",
        "lower",
        "`gpus` in the mean over the hours of a day, each with the fewest replicas that do; "
        "unknown without `request_rate_by_hour`",
        ASKED,
    ),
    number(
        "cost_usd_per_month_scaled",
        "USD/month",
        "lower",
        "730 hours of a day whose replicas follow its hours; unknown without "
        "`request_rate_by_hour`",
        CATALOG,
    ),
)
