"""Terms of a day: what a fleet comes to whose replicas follow the hours."""

from __future__ import annotations

from sizer.estimate.columns.quantity import Count, UsdPerHour, UsdPerMonth
from sizer.units import HOURS_PER_MONTH


def mean_gpus(
    tp: Count, pp: Count, dp: Count, mean_replicas: Count, spare_replicas: Count
) -> Count:
    """Accelerators in the mean over 24 hours, each with the fewest replicas; spares run in all.

    `mean_replicas` is unknown where no day was asked for.
    """
    return tp * pp * dp * (mean_replicas + spare_replicas)


def cost_usd_per_month_scaled(scaled_usd_per_hour: UsdPerHour) -> UsdPerMonth:
    """730 hours of the mean over a day, in each hour of which its replicas alone are paid for."""
    return scaled_usd_per_hour * HOURS_PER_MONTH


TERMS = (mean_gpus, cost_usd_per_month_scaled)
