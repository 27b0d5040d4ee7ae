"""Terms of whole requests: latency, throughput and cost."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    Requests,
    RequestsPerSecond,
    Tokens,
    TokensPerSecond,
    UsdPerHour,
    UsdPerMonth,
    UsdPerMtok,
)
from sizer.units import HOURS_PER_MONTH


def gpus(tp: Count, pp: Count, dp: Count, replicas: Count, spare_replicas: Count) -> Count:
    """Accelerators over all replicas, those to spare among them."""
    return tp * pp * dp * (replicas + spare_replicas)


def e2e_ms(ttft_ms: Milliseconds, itl_ms: Milliseconds, output_tokens: Tokens) -> Milliseconds:
    """First token, then one interval for every further token."""
    return ttft_ms + (output_tokens - 1) * itl_ms


def concurrency(
    loaded_concurrency: Requests, request_rate: RequestsPerSecond, e2e_ms: Milliseconds
) -> Requests:
    """Requests in flight over all replicas: under a rate those of Little's law (1961)."""
    return np.where(np.isnan(request_rate), loaded_concurrency, request_rate * e2e_ms / 1e3)


def tokens_per_second(
    concurrency: Requests,
    output_tokens: Tokens,
    e2e_ms: Milliseconds,
    request_rate: RequestsPerSecond,
) -> TokensPerSecond:
    """Output tokens of all replicas: Little's law, and no more than what arrives."""
    offered = np.where(np.isnan(request_rate), np.inf, request_rate * output_tokens)
    return np.minimum(concurrency * output_tokens / e2e_ms * 1e3, offered)


def tokens_per_second_per_user(itl_ms: Milliseconds) -> TokensPerSecond:
    """Output tokens of one request once it decodes."""
    return 1e3 / itl_ms


def tokens_per_second_per_gpu(tokens_per_second: TokensPerSecond, gpus: Count) -> TokensPerSecond:
    """Output tokens of one accelerator."""
    return tokens_per_second / gpus


def total_tokens_per_second(
    tokens_per_second: TokensPerSecond, input_tokens: Tokens, output_tokens: Tokens
) -> TokensPerSecond:
    """Input and output tokens of all replicas."""
    return tokens_per_second * (1 + input_tokens / output_tokens)


def cost_usd_per_hour(purchase_usd_per_hour: UsdPerHour) -> UsdPerHour:
    """Price of the whole instances that hold all replicas; unknown when no price is."""
    return purchase_usd_per_hour


def cost_usd_per_month(cost_usd_per_hour: UsdPerHour) -> UsdPerMonth:
    """730 hours."""
    return cost_usd_per_hour * HOURS_PER_MONTH


def cost_usd_per_mtok(
    cost_usd_per_hour: UsdPerHour, tokens_per_second: TokensPerSecond
) -> UsdPerMtok:
    """A million output tokens at the offered load, not at saturation."""
    return cost_usd_per_hour / (tokens_per_second * 3600.0) * 1e6


TERMS = (
    gpus,
    e2e_ms,
    concurrency,
    tokens_per_second,
    tokens_per_second_per_user,
    tokens_per_second_per_gpu,
    total_tokens_per_second,
    cost_usd_per_hour,
    cost_usd_per_month,
    cost_usd_per_mtok,
)
