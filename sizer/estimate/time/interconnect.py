"""Terms of what accelerators tell one another in a decode step."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import BytesPerSecond, Count, Requests, Seconds
from sizer.estimate.time.kernel import collective_crossings, exchange_crossings, wire_seconds


def collective_latency_seconds(
    layer_count: Count,
    moe_layer_count: Count,
    tp: Count,
    dp: Count,
    collective_latency_s: Seconds,
    collective_growth: Count,
    exchange_latency_s: Seconds,
) -> Seconds:
    """Fixed cost of two all-reduces a layer, which grows with the logarithm of the ranks.

    Where attention groups share experts, that of the ways there and back besides.
    """
    reduces = collective_latency_s * (1.0 + collective_growth * np.log2(tp))
    exchanging = np.where(dp > 1, moe_layer_count * exchange_latency_s, 0.0)
    return np.where(tp > 1, layer_count * reduces, 0.0) + exchanging


def exchange_seconds(
    stage_batch: Requests,
    hidden_size: Count,
    moe_layer_count: Count,
    experts_per_token: Count,
    tp: Count,
    dp: Count,
    link_bytes_s: BytesPerSecond,
    link_share: Count,
) -> Seconds:
    """Tokens sent to their experts and back, where attention groups share experts."""
    crossings = exchange_crossings(moe_layer_count, experts_per_token, tp, dp)
    return wire_seconds(stage_batch, hidden_size, crossings, link_bytes_s, link_share)


def hop_bytes_s(
    tp: Count,
    pp: Count,
    dp: Count,
    server_gpus: Count,
    link_bytes_s: BytesPerSecond,
    node_link_bytes_s: BytesPerSecond,
) -> BytesPerSecond:
    """Speed of hand-overs between pipeline stages, endless where there are none.

    Stages that one server does not hold hand over through the network between servers.
    """
    between = np.where(tp * pp * dp > server_gpus, node_link_bytes_s, link_bytes_s)
    return np.where(pp > 1, between, np.inf)


def interconnect_seconds(
    stage_batch: Requests,
    hidden_size: Count,
    layer_count: Count,
    tp: Count,
    pp: Count,
    link_bytes_s: BytesPerSecond,
    hop_bytes_s: BytesPerSecond,
    link_share: Count,
    collective_latency_seconds: Seconds,
    exchange_seconds: Seconds,
) -> Seconds:
    """Collectives of a step, and hand-overs between pipeline stages."""
    crossings = collective_crossings(layer_count, tp)
    reduces = wire_seconds(stage_batch, hidden_size, crossings, link_bytes_s, link_share)
    hops = wire_seconds(stage_batch, hidden_size, pp - 1.0, hop_bytes_s, link_share)
    return reduces + collective_latency_seconds + exchange_seconds + hops


def slowest_group(dp: Count, moe_layer_count: Count, group_wait: Count) -> Count:
    """Time of the slowest attention group over the mean: all wait for it in every MoE layer."""
    return 1.0 + np.where(moe_layer_count > 0, group_wait * np.log2(dp), 0.0)


TERMS = (
    collective_latency_seconds,
    exchange_seconds,
    hop_bytes_s,
    interconnect_seconds,
    slowest_group,
)
