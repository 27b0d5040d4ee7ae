"""Building blocks of time: what overlaps, what moves, what launches. Plain functions of columns."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Numbers

ACTIVATION_BYTES = 2.0


def overlap_seconds(first: Numbers, second: Numbers, sharpness: Numbers) -> Numbers:
    """Return the time of two resources that overlap in part: between maximum and sum (p-norm)."""
    longer = np.maximum(first, second)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.minimum(first, second) / longer
    shared = np.power(1.0 + np.power(ratio, sharpness), 1.0 / sharpness)
    return np.where(longer > 0, longer * shared, longer)


def collective_crossings(layer_count: Numbers, tp: Numbers) -> Numbers:
    """Return how often a message crosses a link in a step: two ring all-reduces a layer."""
    return 2.0 * layer_count * 2.0 * (tp - 1.0) / tp


def exchange_crossings(
    moe_layer_count: Numbers, experts_per_token: Numbers, tp: Numbers, dp: Numbers
) -> Numbers:
    """Return how often a token crosses a link to its experts and back, none in one group."""
    ranks = tp * dp
    sent = np.minimum(experts_per_token, ranks) * (ranks - 1.0) / ranks * 2.0 / tp
    return np.where(dp > 1, moe_layer_count * sent, 0.0)


def wire_seconds(
    tokens: Numbers,
    hidden_size: Numbers,
    crossings: Numbers,
    usable_bytes_s: Numbers,
) -> Numbers:
    """Return the time on the link; none where nothing crosses, even over an unknown link."""
    seconds = crossings * tokens * hidden_size * ACTIVATION_BYTES / usable_bytes_s
    return np.where(crossings > 0, seconds, 0.0)


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
