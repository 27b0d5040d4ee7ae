"""Terms of what accelerators tell one another in a decode step."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import BytesPerSecond, Count, Requests, Seconds
from sizer.estimate.time.kernel import collective_crossings, exchange_crossings, wire_seconds


def beyond_domain(tp: Count, dp: Count, domain_gpus: Count) -> Count:
    """Whether the ranks of a layer are more than the device's own link joins: 1, else 0."""
    return np.where(tp * dp > domain_gpus, 1.0, 0.0)


def group_bytes_s(
    beyond_domain: Count,
    link_bytes_s: BytesPerSecond,
    link_share: Count,
    pcie_bytes_s: BytesPerSecond,
    pcie_share: Count,
) -> BytesPerSecond:
    """Usable speed of the slowest link that the ranks of a layer share.

    It is that of their own link within its domain, and of PCIe where a server holds more of them.
    """
    return np.where(beyond_domain > 0, pcie_bytes_s * pcie_share, link_bytes_s * link_share)


def group_latency_s(
    beyond_domain: Count, collective_latency_s: Seconds, pcie_latency_s: Seconds
) -> Seconds:
    """Fixed cost of one all-reduce over the link that the ranks of a layer share."""
    return np.where(beyond_domain > 0, pcie_latency_s, collective_latency_s)


def collective_latency_seconds(
    layer_count: Count,
    moe_layer_count: Count,
    tp: Count,
    dp: Count,
    group_latency_s: Seconds,
    collective_growth: Count,
    exchange_latency_s: Seconds,
) -> Seconds:
    """Fixed cost of two all-reduces a layer, which grows with the logarithm of the ranks.

    Where attention groups share experts, that of the ways there and back besides.
    """
    reduces = group_latency_s * (1.0 + collective_growth * np.log2(tp))
    exchanging = np.where(dp > 1, moe_layer_count * exchange_latency_s, 0.0)
    return np.where(tp > 1, layer_count * reduces, 0.0) + exchanging


def exchange_seconds(
    stage_batch: Requests,
    hidden_size: Count,
    moe_layer_count: Count,
    experts_per_token: Count,
    tp: Count,
    dp: Count,
    group_bytes_s: BytesPerSecond,
) -> Seconds:
    """Tokens sent to their experts and back, where attention groups share experts."""
    crossings = exchange_crossings(moe_layer_count, experts_per_token, tp, dp)
    return wire_seconds(stage_batch, hidden_size, crossings, group_bytes_s)


def hop_bytes_s(
    tp: Count,
    pp: Count,
    dp: Count,
    domain_gpus: Count,
    joined_gpus: Count,
    link_bytes_s: BytesPerSecond,
    link_share: Count,
    pcie_bytes_s: BytesPerSecond,
    pcie_share: Count,
    node_link_bytes_s: BytesPerSecond,
) -> BytesPerSecond:
    """Usable speed of hand-overs between pipeline stages, endless where there are none.

    Stages that one server does not hold hand over through the network between servers.
    """
    ranks = tp * pp * dp
    link, pcie = link_bytes_s * link_share, pcie_bytes_s * pcie_share
    within = np.where(ranks > domain_gpus, pcie, link)
    between = np.where(ranks > joined_gpus, node_link_bytes_s * link_share, within)
    return np.where(pp > 1, between, np.inf)


def interconnect_seconds(
    stage_batch: Requests,
    hidden_size: Count,
    layer_count: Count,
    tp: Count,
    pp: Count,
    group_bytes_s: BytesPerSecond,
    hop_bytes_s: BytesPerSecond,
    collective_latency_seconds: Seconds,
    exchange_seconds: Seconds,
) -> Seconds:
    """Collectives of a step, and hand-overs between pipeline stages."""
    crossings = collective_crossings(layer_count, tp)
    reduces = wire_seconds(stage_batch, hidden_size, crossings, group_bytes_s)
    hops = wire_seconds(stage_batch, hidden_size, pp - 1.0, hop_bytes_s)
    return reduces + collective_latency_seconds + exchange_seconds + hops


def slowest_group(dp: Count, moe_layer_count: Count, group_wait: Count) -> Count:
    """Time of the slowest attention group over the mean: all wait for it in every MoE layer."""
    return 1.0 + np.where(moe_layer_count > 0, group_wait * np.log2(dp), 0.0)


TERMS = (
    beyond_domain,
    group_bytes_s,
    group_latency_s,
    collective_latency_seconds,
    exchange_seconds,
    hop_bytes_s,
    interconnect_seconds,
    slowest_group,
)
