"""Terms of a replica that is never idle: as many requests as its cache and its engine take."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    Count,
    Gib,
    Requests,
    Seconds,
    Tokens,
    TokensPerSecond,
)
from sizer.units import GIB


def mean_request_bytes(
    mean_context_tokens: Tokens,
    kept_window_tokens: Tokens,
    full_block_bytes: Bytes,
    full_block_tokens: Tokens,
    window_block_bytes: Bytes,
    window_block_tokens: Tokens,
    fixed_request_bytes: Bytes,
    pending_bytes_at_end: Bytes,
    window_pool_share: Count,
) -> Bytes:
    """Cache of one request half way through its answer, on one accelerator."""
    full = full_block_bytes * np.ceil(mean_context_tokens / full_block_tokens)
    kept = np.minimum(kept_window_tokens, mean_context_tokens)
    windowed = window_block_bytes * np.ceil(kept / window_block_tokens)
    apart = np.maximum(
        full / (1.0 - window_pool_share), windowed / np.maximum(window_pool_share, 1e-9)
    )
    held = np.where(window_pool_share > 0, apart, full + windowed)
    return held + pending_bytes_at_end + fixed_request_bytes


def saturated_concurrency(admitted_requests: Requests, replicas: Count, dp: Count) -> Requests:
    """Requests that run at once over all replicas when there are always more to admit."""
    return admitted_requests * replicas * dp


def max_tokens_per_second(
    saturated_concurrency: Requests,
    saturated_cycle_seconds: Seconds,
    output_tokens: Tokens,
    kv_pool_gib: Gib,
    mean_request_bytes: Bytes,
) -> TokensPerSecond:
    """Output tokens of all replicas when requests never run out; unknown if none has room."""
    rate = saturated_concurrency * output_tokens / saturated_cycle_seconds
    return np.where(kv_pool_gib * GIB < mean_request_bytes, np.nan, rate)


TERMS = (mean_request_bytes, saturated_concurrency, max_tokens_per_second)
