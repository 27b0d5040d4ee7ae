"""Terms of uncertainty: the interval that measurements of unseen groups fell into."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    RequestsPerSecond,
    Tokens,
    TokensPerSecond,
    UsdPerMtok,
)


def itl_ms_low(itl_ms: Milliseconds, itl_ms_low_ratio: Count) -> Milliseconds:
    """Low end of the interval of `itl_ms`."""
    return itl_ms * itl_ms_low_ratio


def itl_ms_high(itl_ms: Milliseconds, itl_ms_high_ratio: Count) -> Milliseconds:
    """High end of the interval of `itl_ms`."""
    return itl_ms * itl_ms_high_ratio


def ttft_ms_low(ttft_ms: Milliseconds, ttft_ms_low_ratio: Count) -> Milliseconds:
    """Low end of the interval of `ttft_ms`."""
    return ttft_ms * ttft_ms_low_ratio


def ttft_ms_high(ttft_ms: Milliseconds, ttft_ms_high_ratio: Count) -> Milliseconds:
    """High end of the interval of `ttft_ms`."""
    return ttft_ms * ttft_ms_high_ratio


def tokens_per_second_low(
    tokens_per_second: TokensPerSecond, tokens_per_second_low_ratio: Count
) -> TokensPerSecond:
    """Low end of the interval of `tokens_per_second`."""
    return tokens_per_second * tokens_per_second_low_ratio


def tokens_per_second_high(
    tokens_per_second: TokensPerSecond,
    tokens_per_second_high_ratio: Count,
    request_rate: RequestsPerSecond,
    output_tokens: Tokens,
) -> TokensPerSecond:
    """High end of the interval of `tokens_per_second`: no more than what arrives."""
    offered = np.where(np.isnan(request_rate), np.inf, request_rate * output_tokens)
    return np.minimum(tokens_per_second * tokens_per_second_high_ratio, offered)


def max_tokens_per_second_low(
    max_tokens_per_second: TokensPerSecond, max_tokens_per_second_low_ratio: Count
) -> TokensPerSecond:
    """Low end of the interval of `max_tokens_per_second`."""
    return max_tokens_per_second * max_tokens_per_second_low_ratio


def max_tokens_per_second_high(
    max_tokens_per_second: TokensPerSecond, max_tokens_per_second_high_ratio: Count
) -> TokensPerSecond:
    """High end of the interval of `max_tokens_per_second`."""
    return max_tokens_per_second * max_tokens_per_second_high_ratio


def cost_usd_per_mtok_low(
    cost_usd_per_mtok: UsdPerMtok,
    tokens_per_second: TokensPerSecond,
    tokens_per_second_high: TokensPerSecond,
) -> UsdPerMtok:
    """Cost at the high end of `tokens_per_second`."""
    return cost_usd_per_mtok * tokens_per_second / tokens_per_second_high


def cost_usd_per_mtok_high(
    cost_usd_per_mtok: UsdPerMtok,
    tokens_per_second: TokensPerSecond,
    tokens_per_second_low: TokensPerSecond,
) -> UsdPerMtok:
    """Cost at the low end of `tokens_per_second`."""
    return cost_usd_per_mtok * tokens_per_second / tokens_per_second_low


TERMS = (
    itl_ms_low,
    itl_ms_high,
    ttft_ms_low,
    ttft_ms_high,
    tokens_per_second_low,
    tokens_per_second_high,
    max_tokens_per_second_low,
    max_tokens_per_second_high,
    cost_usd_per_mtok_low,
    cost_usd_per_mtok_high,
)
