"""The cache of a prompt on its way from the accelerators that read it to those that decode."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    BytesPerToken,
    Count,
    RequestsPerSecond,
    Seconds,
    Tokens,
)
from sizer.estimate.time.kernel import within_window


def prompt_cache_bytes(
    input_tokens: Tokens,
    window_tokens: Tokens,
    kv_full_bytes_per_token: BytesPerToken,
    kv_window_bytes_per_token: BytesPerToken,
    state_bytes_per_request: Bytes,
    pp: Count,
) -> Bytes:
    """Cache of a prompt on one accelerator: all tokens of full layers, windows, and states."""
    inside = within_window(input_tokens, window_tokens)
    tokens = input_tokens * kv_full_bytes_per_token + inside * kv_window_bytes_per_token
    return (tokens + state_bytes_per_request) / pp


def between_bytes_s(
    asked_link_bytes_s: BytesPerSecond,
    gpus: Count,
    joined_gpus: Count,
    domain_gpus: Count,
    link_bytes_s: BytesPerSecond,
    link_share: Count,
    pcie_bytes_s: BytesPerSecond,
    pcie_share: Count,
    node_link_bytes_s: BytesPerSecond,
    network_share: Count,
) -> BytesPerSecond:
    """Usable speed between two accelerators of both sides, of each pair at once.

    Where one server holds all of both, it is that of their own link, or of PCIe beyond the link's
    domain; else of the network between servers. One that is asked for is taken as it is.
    """
    within = np.where(gpus > domain_gpus, pcie_bytes_s * pcie_share, link_bytes_s * link_share)
    network = node_link_bytes_s * network_share
    found = np.where(gpus > joined_gpus, network, within)
    return np.where(np.isnan(asked_link_bytes_s), found, asked_link_bytes_s)


def wire_seconds(sent: Bytes, received: Bytes, between_bytes_s: BytesPerSecond) -> Seconds:
    """Time of one prompt's cache on the link: ranks send and receive theirs side by side."""
    return np.maximum(sent, received) / between_bytes_s


def link_rate(
    sent: Bytes,
    received: Bytes,
    senders: Count,
    receivers: Count,
    between_bytes_s: BytesPerSecond,
) -> RequestsPerSecond:
    """Requests a second whose caches the links of all groups of either side carry."""
    with np.errstate(divide="ignore"):
        return np.minimum(senders / sent, receivers / received) * between_bytes_s


def seen_seconds(
    wire_seconds: Seconds, prefill_seconds: Seconds, layer_count: Count, by_layer: Count
) -> Seconds:
    """What a request sees of it: all, or layer by layer what is left when the last one is read.

    Layers go while later ones are computed, so at least one is left, and what is slower than that.
    """
    meanwhile = prefill_seconds * (1.0 - 1.0 / layer_count)
    left = np.maximum(wire_seconds / layer_count, wire_seconds - meanwhile)
    return np.where(by_layer > 0, left, wire_seconds)


def link_wait_seconds(
    wire_seconds: Seconds, rate: RequestsPerSecond, link_rate: RequestsPerSecond
) -> Seconds:
    """Mean wait for the link behind others' caches, all alike (M/D/1: Pollaczek, 1930)."""
    busy = np.minimum(rate / link_rate, BUSIEST)
    return wire_seconds * busy / (2.0 * (1.0 - busy))


BUSIEST = 0.995  # share of time beyond which a mean wait is no number
TERMS = (prompt_cache_bytes,)
