"""Terms of a draft's passes: each is a decode step of a small model, for the requests of the step.

A draft that is a model, or a module of one, writes token by token: each pass reads its weights
again. Block drafts write all tokens of a step in one pass, and drafts of the text take none. Where
no candidate of a block drafts, nothing is computed.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    BytesPerToken,
    Count,
    Flops,
    FlopsPerSecond,
    Milliseconds,
    Requests,
    Seconds,
    SecondsPerByte,
    Tokens,
)
from sizer.estimate.time.kernel import (
    REDUCES_A_LAYER,
    activation_seconds,
    message_bytes,
    overlap_seconds,
    touched_experts_share,
    within_window,
)
from sizer.estimate.time.launches import mixer_launch_seconds

MS = 1e3
JOINING_LAYERS = 1.0  # what a pass launches beside its layers: joining, head and choice, as a layer


def draft_positions(stage_batch: Requests, checked_tokens: Tokens, draft_passes: Count) -> Tokens:
    """Positions of one pass of the draft, in the mean over the passes of a step.

    The first runs over all that were checked, to have the draft's cache of what was accepted; each
    further one over one token of each request (TensorRT-LLM's tech blog 2, "MTP Eagle").
    """
    if not draft_passes.any():
        return np.zeros_like(draft_passes)
    passes = np.maximum(draft_passes, 1.0)
    return stage_batch * (checked_tokens + passes - 1.0) / passes


def draft_linear_seconds(
    draft_passes: Count,
    draft_positions: Tokens,
    dp: Count,
    draft_dense_bytes: Bytes,
    draft_expert_bytes: Bytes,
    draft_expert_count: Count,
    draft_experts_per_token: Count,
    routing_exponent: Count,
    expert_bandwidth_share: Count,
    sustained_bytes_s: BytesPerSecond,
    draft_flops_per_token: Flops,
    draft_expert_flops_per_token: Flops,
    draft_head_flops_per_token: Flops,
    expert_rate: Count,
    sustained_flops_s: FlopsPerSecond,
    peak_flops_16: FlopsPerSecond,
    compute_share: Count,
    sharpness: Count,
) -> Seconds:
    """Matrix products of one pass and the weights that they read, head included."""
    if not draft_passes.any():
        return np.zeros_like(draft_passes)
    share = touched_experts_share(
        draft_positions * dp, draft_expert_count, draft_experts_per_token, routing_exponent
    )
    experts = share * draft_expert_bytes / expert_bandwidth_share
    read = (draft_dense_bytes + experts) / sustained_bytes_s
    linear = (draft_flops_per_token + draft_expert_flops_per_token / expert_rate) / (
        sustained_flops_s
    )
    head = draft_head_flops_per_token / (peak_flops_16 * compute_share)
    return overlap_seconds(read, draft_positions * (linear + head), sharpness)


def draft_attention_seconds(
    draft_passes: Count,
    stage_batch: Requests,
    draft_positions: Tokens,
    mean_context_tokens: Tokens,
    draft_window_tokens: Tokens,
    drafted_full_bytes_per_token: BytesPerToken,
    drafted_window_bytes_per_token: BytesPerToken,
    bandwidth_bytes_s: BytesPerSecond,
    kv_bandwidth_share: Count,
    draft_attention_flops_full: Flops,
    draft_attention_flops_window: Flops,
    peak_flops_16: FlopsPerSecond,
    decode_attention_share: Count,
    sharpness: Count,
) -> Seconds:
    """Attention of one pass over the draft's own cache."""
    if not draft_passes.any():
        return np.zeros_like(draft_passes)
    inside = within_window(mean_context_tokens, draft_window_tokens)
    held = mean_context_tokens * drafted_full_bytes_per_token
    held = held + inside * drafted_window_bytes_per_token
    read = stage_batch * held / (bandwidth_bytes_s * kv_bandwidth_share)
    work = mean_context_tokens * draft_attention_flops_full + inside * draft_attention_flops_window
    product = draft_positions * work / (peak_flops_16 * decode_attention_share)
    return overlap_seconds(read, product, sharpness)


def draft_link_seconds(
    draft_passes: Count,
    draft_positions: Tokens,
    draft_hidden_size: Count,
    draft_layer_count: Count,
    reduce_latency_s: Seconds,
    reduce_s_per_byte: SecondsPerByte,
) -> Seconds:
    """All-reduces of one pass, as those of the model's layers."""
    if not draft_passes.any():
        return np.zeros_like(draft_passes)
    message = message_bytes(draft_positions, draft_hidden_size)
    each = reduce_latency_s + message * reduce_s_per_byte
    return REDUCES_A_LAYER * draft_layer_count * each


def draft_launch_seconds(
    draft_passes: Count,
    draft_layer_count: Count,
    draft_mla_layer_count: Count,
    draft_index_layer_count: Count,
    draft_recurrent_layer_count: Count,
    draft_moe_layer_count: Count,
    draft_hidden_size: Count,
    layer_launch_s: Seconds,
    hidden_growth: Count,
    mla_launch_s: Seconds,
    index_launch_s: Seconds,
    recurrent_launch_s: Seconds,
    moe_layer_launch_s: Seconds,
    eager: Count,
    eager_ratio: Count,
) -> Seconds:
    """Launches of one pass: its layers, and beside them what joins states and chooses a token."""
    if not draft_passes.any():
        return np.zeros_like(draft_passes)
    none = np.zeros_like(draft_layer_count)
    mixers = mixer_launch_seconds(
        draft_layer_count + JOINING_LAYERS,
        draft_mla_layer_count,
        draft_index_layer_count,
        draft_recurrent_layer_count,
        draft_hidden_size,
        layer_launch_s,
        hidden_growth,
        mla_launch_s,
        index_launch_s,
        recurrent_launch_s,
        none,
        none,
    )
    experts = draft_moe_layer_count * moe_layer_launch_s
    return (mixers + experts) * np.where(eager > 0, eager_ratio, 1.0)


def draft_moved_seconds(
    draft_passes: Count,
    draft_positions: Tokens,
    draft_hidden_size: Count,
    draft_layer_count: Count,
    activation_passes: Count,
    sustained_bytes_s: BytesPerSecond,
) -> Seconds:
    """Time of one pass to move activations."""
    if not draft_passes.any():
        return np.zeros_like(draft_passes)
    return activation_seconds(
        draft_positions, draft_hidden_size, draft_layer_count, activation_passes, sustained_bytes_s
    )


def draft_seconds(
    draft_passes: Count,
    draft_linear_seconds: Seconds,
    draft_moved_seconds: Seconds,
    draft_attention_seconds: Seconds,
    draft_link_seconds: Seconds,
    draft_launch_seconds: Seconds,
) -> Seconds:
    """All passes of the draft in a step, one after another; none where nobody drafts."""
    work = draft_linear_seconds + draft_moved_seconds + draft_attention_seconds
    each = work + draft_link_seconds + draft_launch_seconds
    return np.where(draft_passes > 0, draft_passes * each, 0.0)


def draft_prompt_seconds(
    draft_passes: Count,
    read_tokens: Tokens,
    draft_flops_per_token: Flops,
    draft_expert_flops_per_token: Flops,
    expert_rate: Count,
    prompt_flops_s: FlopsPerSecond,
) -> Seconds:
    """Matrix products of a draft that reads one prompt too, to have it in its cache."""
    linear = draft_flops_per_token + draft_expert_flops_per_token / expert_rate
    return np.where(draft_passes > 0, read_tokens * linear / prompt_flops_s, 0.0)


def draft_ms(draft_seconds: Seconds) -> Milliseconds:
    """Passes of the draft in a decode step."""
    return draft_seconds * MS


TERMS = (
    draft_positions,
    draft_linear_seconds,
    draft_moved_seconds,
    draft_attention_seconds,
    draft_link_seconds,
    draft_launch_seconds,
    draft_seconds,
    draft_prompt_seconds,
    draft_ms,
)
