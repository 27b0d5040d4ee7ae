"""Terms of launches: what kernels of a step cost however little they do.

A layer launches kernels by what it is made of. The constants of the calibration are costs of a few
kernels each, as a captured graph replays them.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Count, Seconds, Tokens


def mixer_launch_seconds(
    layer_count: Count,
    mla_layer_count: Count,
    index_layer_count: Count,
    recurrent_layer_count: Count,
    hidden_size: Count,
    layer_launch_s: Seconds,
    hidden_growth: Count,
    mla_launch_s: Seconds,
    index_launch_s: Seconds,
    recurrent_launch_s: Seconds,
    activations_scaled: Count,
    scale_launch_s: Seconds,
) -> Seconds:
    """What layers cost however small the batch: launches, tails and ramps of their kernels.

    Latent attention, an index of sparse attention, a recurrent state, and activations that are
    scaled group by group launch some kernels more.
    """
    plain = layer_count * layer_launch_s * np.power(hidden_size / 4096.0, hidden_growth)
    attention = mla_layer_count * mla_launch_s + index_layer_count * index_launch_s
    scales = layer_count * activations_scaled * scale_launch_s
    return plain + attention + recurrent_layer_count * recurrent_launch_s + scales


def expert_launch_seconds(
    moe_layer_count: Count,
    moe_layer_launch_s: Seconds,
    experts_plain: Count,
    plain_expert_launch_s: Seconds,
    experts_in_blocks: Count,
    block_expert_launch_s: Seconds,
    experts_converted: Count,
    conversion_launch_s: Seconds,
) -> Seconds:
    """What routed experts launch more: the router's kernels, and those of their format.

    What shared experts launch was not seen in measurements: engines run them beside the others.
    """
    kinds = (
        experts_plain * plain_expert_launch_s
        + experts_in_blocks * block_expert_launch_s
        + experts_converted * conversion_launch_s
    )
    return moe_layer_count * (moe_layer_launch_s + kinds)


def launch_seconds(
    mixer_launch_seconds: Seconds,
    expert_launch_seconds: Seconds,
    adapter_launch_seconds: Seconds,
) -> Seconds:
    """Launches of a step's layers, as captured graphs replay them."""
    return mixer_launch_seconds + expert_launch_seconds + adapter_launch_seconds


def decode_launch_seconds(launch_seconds: Seconds, eager: Count, eager_ratio: Count) -> Seconds:
    """Launches of a decode step: replayed from a graph, or one by one where none is captured."""
    return launch_seconds * np.where(eager > 0, eager_ratio, 1.0)


def eager_seconds(
    launch_seconds: Seconds,
    eager_ratio: Count,
    read_tokens: Tokens,
    captured_tokens: Tokens,
) -> Seconds:
    """What the kernels of a prompt cost when they are launched one by one, without a graph."""
    return np.where(read_tokens > captured_tokens, eager_ratio * launch_seconds, 0.0)


TERMS = (
    mixer_launch_seconds,
    expert_launch_seconds,
    launch_seconds,
    decode_launch_seconds,
    eager_seconds,
)
