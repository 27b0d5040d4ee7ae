"""Terms of goodput: the requests that are answered while every condition holds."""

from __future__ import annotations

from sizer.estimate.columns.quantity import Count, RequestsPerSecond


def goodput_per_s(request_rate: RequestsPerSecond, rate_holds: Count) -> RequestsPerSecond:
    """The highest rate that was found, 0 where no rate keeps every condition.

    `rate_holds` is 1 where all hold at `request_rate`, and unknown where no rate was looked for.
    """
    return request_rate * rate_holds


def goodput_per_s_per_gpu(goodput_per_s: RequestsPerSecond, gpus: Count) -> RequestsPerSecond:
    """Its share of one accelerator."""
    return goodput_per_s / gpus


TERMS = (goodput_per_s, goodput_per_s_per_gpu)
