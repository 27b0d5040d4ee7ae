"""Building blocks of time: what overlaps, what moves, what launches. Plain functions of columns."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Numbers

ACTIVATION_BYTES = 2.0
REDUCES_A_LAYER = 2.0  # after attention, and after the MLP or the experts


def overlap_seconds(first: Numbers, second: Numbers, sharpness: Numbers) -> Numbers:
    """Return the time of two resources that overlap in part: between maximum and sum (p-norm)."""
    longer = np.maximum(first, second)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.minimum(first, second) / longer
    shared = np.power(1.0 + np.power(ratio, sharpness), 1.0 / sharpness)
    return np.where(longer > 0, longer * shared, longer)


def message_bytes(tokens: Numbers, hidden_size: Numbers) -> Numbers:
    """Return what so many tokens take on a link."""
    return tokens * hidden_size * ACTIVATION_BYTES


def reduce_crossings(tp: Numbers, servers: Numbers) -> Numbers:
    """Return how often a message crosses a link within servers in one ring all-reduce."""
    return 2.0 * (1.0 - servers / tp)


def network_crossings(tp: Numbers, servers: Numbers) -> Numbers:
    """Return what of a message each rank sends between servers: its share, there and back."""
    return 2.0 * (servers - 1.0) / tp


def activation_seconds(
    tokens: Numbers,
    hidden_size: Numbers,
    layer_count: Numbers,
    activation_passes: Numbers,
    sustained_bytes_s: Numbers,
) -> Numbers:
    """Return the time to write and read activations: so many passes over the residual a layer."""
    moved = tokens * layer_count * hidden_size * ACTIVATION_BYTES * activation_passes
    return moved / sustained_bytes_s


def within_window(context_tokens: Numbers, window_tokens: Numbers) -> Numbers:
    """Return the tokens that a windowed layer sees."""
    return np.minimum(context_tokens, window_tokens)


def touched_experts_share(
    tokens: Numbers, expert_count: Numbers, experts_per_token: Numbers, routing_exponent: Numbers
) -> Numbers:
    """Return the share of experts that a batch reads: 1 - (1 - k/E)^n, less for skewed routing."""
    missed = np.log1p(-np.minimum(experts_per_token / expert_count, 1.0 - 1e-12))
    counted = np.power(np.maximum(tokens, 1.0), routing_exponent)
    share: Numbers = -np.expm1(counted * missed)
    return share
