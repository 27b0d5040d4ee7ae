"""What a million output tokens cost by a measurement, and by the estimate of it.

Prices are the catalog's: the median of the providers' list prices on demand, of each accelerator.
Latencies at a fixed concurrency are a rate by Little's law: so many requests, each of so many
tokens, in the time that one takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap

import numpy as np
from numpy.typing import NDArray

from sizer.catalog.prices import price
from sizer.resolve.points import Placed

Vector = NDArray[np.float64]
HOUR_S = 3600.0
MTOK = 1e6
RATES = ("tokens_per_second", "max_tokens_per_second")


def log_costs(points: Sequence[Placed], rates: Vector) -> Vector:
    """Return the logarithm of dollars a million tokens, NaN without a price; rates in tokens/s."""
    prices = np.array([_usd_per_hour(each) for each in points])
    return np.log(prices / (rates * HOUR_S) * MTOK)


def rates_of_latencies(points: Sequence[Placed], ttft_ms: Vector, itl_ms: Vector) -> Vector:
    """Return output tokens a second of requests in flight at their latencies."""
    return np.array(list(starmap(_rate, zip(points, ttft_ms, itl_ms, strict=True))), np.float64)


def _rate(point: Placed, ttft_ms: float, itl_ms: float) -> float:
    requests = point.load.concurrency or np.nan
    tokens = point.load.output_tokens
    return requests * tokens / (ttft_ms + itl_ms * (tokens - 1)) * 1e3


def _usd_per_hour(point: Placed) -> float:
    listed = price(point.gpu.name)
    count = point.deployment.gpus_per_replica * point.deployment.replicas
    return np.nan if listed is None else listed.middle.usd_per_gpu_hour * count
