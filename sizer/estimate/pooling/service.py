"""Terms of what replicas read: rates, cost, and the parts of a pass."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.interval import at_ends
from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    Count,
    Milliseconds,
    Requests,
    RequestsPerSecond,
    Seconds,
    Tokens,
    TokensPerSecond,
    UsdPerHour,
    UsdPerMtok,
)


def requests_per_second(
    group_rate: RequestsPerSecond, replicas: Count, dp: Count
) -> RequestsPerSecond:
    """Requests that all replicas answer; unknown where more arrive than are answered."""
    return group_rate * replicas * dp


def concurrency(
    asked_concurrency: Requests, requests_per_second: RequestsPerSecond, e2e_ms: Milliseconds
) -> Requests:
    """Requests in flight over all replicas: as asked, else those of Little's law (1961)."""
    in_flight = requests_per_second * e2e_ms / 1e3
    return np.where(np.isnan(asked_concurrency), in_flight, asked_concurrency)


def utilization(
    request_rate: RequestsPerSecond,
    requests_per_second: RequestsPerSecond,
    max_request_rate: RequestsPerSecond,
) -> Count:
    """Offered over sustained requests a second; in a closed loop those that are answered."""
    offered = np.where(np.isnan(request_rate), requests_per_second, request_rate)
    return offered / max_request_rate


def input_tokens_per_second(
    requests_per_second: RequestsPerSecond, input_tokens: Tokens
) -> TokensPerSecond:
    """Tokens of the texts that all replicas answer."""
    return requests_per_second * input_tokens


def total_tokens_per_second(input_tokens_per_second: TokensPerSecond) -> TokensPerSecond:
    """Input tokens of all replicas: no others are."""
    return input_tokens_per_second + 0.0


def cost_usd_per_mtok_input(
    cost_usd_per_hour: UsdPerHour, input_tokens_per_second: TokensPerSecond
) -> UsdPerMtok:
    """A million input tokens at the offered load, not at saturation."""
    return cost_usd_per_hour / (input_tokens_per_second * 3600.0) * 1e6


def compute_seconds(texts_per_pass: Requests, prompt_work_seconds: Seconds) -> Seconds:
    """Arithmetic of a pass, over all stages."""
    return texts_per_pass * prompt_work_seconds


def bandwidth_seconds(
    texts_per_pass: Requests,
    prompt_moved_seconds: Seconds,
    dense_read_bytes: Bytes,
    expert_bytes: Bytes,
    dense_kept_share: Count,
    sustained_bytes_s: BytesPerSecond,
) -> Seconds:
    """Memory traffic of a pass, over all stages."""
    read = (dense_read_bytes + expert_bytes) / dense_kept_share / sustained_bytes_s
    return read + texts_per_pass * prompt_moved_seconds


def interconnect_seconds(
    texts_per_pass: Requests, prompt_wire_seconds: Seconds, collective_latency_seconds: Seconds
) -> Seconds:
    """Collectives of a pass, over all stages."""
    return texts_per_pass * prompt_wire_seconds + collective_latency_seconds


def engine_seconds(
    texts_per_pass: Requests,
    launch_seconds: Seconds,
    pass_host_seconds: Seconds,
    request_step_s: Seconds,
    pp: Count,
) -> Seconds:
    """Launches of a pass, and the scheduler's work for it, over all stages."""
    return launch_seconds + pp * pass_host_seconds + request_step_s * texts_per_pass


TERMS = (
    requests_per_second,
    concurrency,
    utilization,
    *at_ends(utilization, opposite=("max_request_rate",)),
    input_tokens_per_second,
    total_tokens_per_second,
    cost_usd_per_mtok_input,
    compute_seconds,
    bandwidth_seconds,
    interconnect_seconds,
    engine_seconds,
)
