"""Terms of what accelerators tell one another in a decode step."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    BytesPerSecond,
    Count,
    Seconds,
    SecondsPerByte,
    Tokens,
)
from sizer.estimate.time.kernel import (
    REDUCES_A_LAYER,
    message_bytes,
    network_crossings,
    reduce_crossings,
)

NCCL_LAUNCH_S = 6.6e-6  # NCCL 2.18, src/graph/tuning.cc: baseLat of a ring, small messages


def reduce_servers(tp: Count, joined_gpus: Count) -> Count:
    """Servers that the ranks of an all-reduce are spread over."""
    return np.ceil(tp / joined_gpus)


def beyond_domain(tp: Count, dp: Count, domain_gpus: Count, joined_gpus: Count) -> Count:
    """Whether a server has more ranks of a layer than the device's own link joins: 1, else 0."""
    return np.where(np.minimum(tp * dp, joined_gpus) > domain_gpus, 1.0, 0.0)


def group_bytes_s(
    beyond_domain: Count,
    link_bytes_s: BytesPerSecond,
    link_share: Count,
    pcie_bytes_s: BytesPerSecond,
    pcie_share: Count,
) -> BytesPerSecond:
    """Usable speed of the slowest link that the ranks of a layer share within a server.

    It is that of their own link within its domain, and of PCIe where a server holds more of them.
    """
    return np.where(beyond_domain > 0, pcie_bytes_s * pcie_share, link_bytes_s * link_share)


def network_bytes_s(
    node_link_bytes_s: BytesPerSecond,
    network_share: Count,
    group_bytes_s: BytesPerSecond,
    pcie_bytes_s: BytesPerSecond,
    pcie_share: Count,
) -> BytesPerSecond:
    """Usable speed of the network between servers; links of a server, as known, feed it."""
    usable = node_link_bytes_s * network_share
    feeding = np.fmin(group_bytes_s, pcie_bytes_s * pcie_share)
    return np.where(np.isnan(feeding), usable, np.minimum(usable, feeding))


def switch_latency_s(
    tp: Count,
    reduce_servers: Count,
    collective_latency_s: Seconds,
    collective_growth: Count,
    network_latency_s: Seconds,
) -> Seconds:
    """Fixed cost of an all-reduce by kernels over a switch or a mesh, and of a tree of servers.

    Between servers NCCL launches it and sends up and down a binary tree (its src/graph/tuning.cc).
    """
    ranks = tp / reduce_servers
    within = collective_latency_s / 2.0 * (1.0 + collective_growth * np.log2(ranks))
    tree = NCCL_LAUNCH_S + 2.0 * np.log2(reduce_servers) * network_latency_s
    return np.where(ranks > 1, within, 0.0) + np.where(reduce_servers > 1, tree, 0.0)


def ring_latency_s(
    tp: Count, reduce_servers: Count, ring_step_s: Seconds, network_latency_s: Seconds
) -> Seconds:
    """Fixed cost of an all-reduce in NCCL's ring: a launch, and twice each way but one.

    Engines have no kernels of their own for more than two cards on PCIe (vLLM,
    CustomAllreduce.__init__). A step through a network is no shorter than one within a server.
    """
    ways, crossings = 2.0 * (tp - 1.0), 2.0 * (reduce_servers - 1.0)
    through = np.maximum(network_latency_s, ring_step_s)
    return NCCL_LAUNCH_S + (ways - crossings) * ring_step_s + crossings * through


def reduce_latency_s(
    tp: Count,
    joined_gpus: Count,
    switched_gpus: Count,
    switch_latency_s: Seconds,
    ring_latency_s: Seconds,
) -> Seconds:
    """Fixed cost of one all-reduce over the links that its ranks share."""
    ring = np.minimum(tp, joined_gpus) > switched_gpus
    return np.where(tp > 1, np.where(ring, ring_latency_s, switch_latency_s), 0.0)


def reduce_s_per_byte(
    tp: Count,
    reduce_servers: Count,
    group_bytes_s: BytesPerSecond,
    network_bytes_s: BytesPerSecond,
) -> SecondsPerByte:
    """Time on links of each byte of an all-reduce: in a server, then a share of it between them."""
    within = reduce_crossings(tp, reduce_servers) / group_bytes_s
    between = network_crossings(tp, reduce_servers) / network_bytes_s
    return np.where(tp > reduce_servers, within, 0.0) + np.where(reduce_servers > 1, between, 0.0)


def exchange_s_per_byte(
    tp: Count,
    dp: Count,
    experts_per_token: Count,
    joined_gpus: Count,
    group_bytes_s: BytesPerSecond,
    network_bytes_s: BytesPerSecond,
) -> SecondsPerByte:
    """Time on links of each byte of a token sent to its experts and back, none in one group."""
    ranks = tp * dp
    sent = 2.0 * np.minimum(experts_per_token, ranks) / ranks / tp
    near = np.minimum(ranks, joined_gpus)
    away = np.where(ranks > near, (ranks - near) / network_bytes_s, 0.0)
    return np.where(dp > 1, sent * ((near - 1.0) / group_bytes_s + away), 0.0)


def collective_latency_seconds(
    layer_count: Count,
    moe_layer_count: Count,
    tp: Count,
    dp: Count,
    joined_gpus: Count,
    reduce_latency_s: Seconds,
    exchange_latency_s: Seconds,
    network_latency_s: Seconds,
) -> Seconds:
    """Fixed cost of two all-reduces a layer.

    Where attention groups share experts, that of the ways there and back besides.
    """
    away = np.where(tp * dp > joined_gpus, 2.0 * network_latency_s, 0.0)
    exchanges = moe_layer_count * (exchange_latency_s + away)
    reduces = REDUCES_A_LAYER * layer_count * reduce_latency_s
    return reduces + np.where(dp > 1, exchanges, 0.0)


def exchange_seconds(
    step_positions: Tokens,
    hidden_size: Count,
    moe_layer_count: Count,
    exchange_s_per_byte: SecondsPerByte,
) -> Seconds:
    """Tokens sent to their experts and back, where attention groups share experts."""
    return moe_layer_count * message_bytes(step_positions, hidden_size) * exchange_s_per_byte


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
    network_share: Count,
) -> BytesPerSecond:
    """Usable speed of hand-overs between pipeline stages, endless where there are none.

    Stages that one server does not hold hand over through the network between servers.
    """
    ranks = tp * pp * dp
    link, pcie = link_bytes_s * link_share, pcie_bytes_s * pcie_share
    within = np.where(ranks > domain_gpus, pcie, link)
    between = np.where(ranks > joined_gpus, node_link_bytes_s * network_share, within)
    return np.where(pp > 1, between, np.inf)


def interconnect_seconds(
    step_positions: Tokens,
    hidden_size: Count,
    layer_count: Count,
    pp: Count,
    reduce_s_per_byte: SecondsPerByte,
    hop_bytes_s: BytesPerSecond,
    collective_latency_seconds: Seconds,
    exchange_seconds: Seconds,
) -> Seconds:
    """Collectives of a step, and hand-overs between pipeline stages."""
    message = message_bytes(step_positions, hidden_size)
    reduces = REDUCES_A_LAYER * layer_count * message * reduce_s_per_byte
    hops = (pp - 1.0) * message / hop_bytes_s
    return reduces + collective_latency_seconds + exchange_seconds + hops


def slowest_group(dp: Count, moe_layer_count: Count, group_wait: Count) -> Count:
    """Attention of the slowest group over the mean: all wait for it in every MoE layer."""
    return 1.0 + np.where(moe_layer_count > 0, group_wait * np.log2(dp), 0.0)


TERMS = (
    reduce_servers,
    beyond_domain,
    group_bytes_s,
    network_bytes_s,
    switch_latency_s,
    ring_latency_s,
    reduce_latency_s,
    reduce_s_per_byte,
    exchange_s_per_byte,
    collective_latency_seconds,
    exchange_seconds,
    hop_bytes_s,
    interconnect_seconds,
    slowest_group,
)
