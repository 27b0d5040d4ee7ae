"""Terms of one pass: some texts are read together, each once, and nothing is decoded.

A pass reads the weights once, whatever it reads; arithmetic, activations and links grow with its
tokens. So few texts cost as much as one, and many cost as much as their arithmetic.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    Count,
    Flops,
    Numbers,
    Requests,
    Seconds,
    Tokens,
)
from sizer.estimate.time.kernel import overlap_seconds

CAUSAL = 0.5  # of a square: a token sees those before it


def prompt_square_flops(
    input_tokens: Tokens,
    input_tokens_spread: Count,
    hit_share_square: Count,
    prefix_share_square: Count,
    prefix_hits: Count,
    prefill_attention_flops_full: Flops,
    both_ways: Count,
) -> Flops:
    """Operations of attention over a whole text, in the mean: a square, or half of one if causal.

    What is in the cache already is left out: the tip of the triangle.
    """
    square = input_tokens * input_tokens * (1.0 + input_tokens_spread**2)
    tip = hit_share_square + prefix_share_square * prefix_hits
    seen = np.where(both_ways > 0, 1.0, CAUSAL)
    return square * seen * (1.0 - tip) * prefill_attention_flops_full


def prompt_attention_flops(
    input_tokens: Tokens,
    cached_prompt_share: Count,
    window_tokens: Tokens,
    prompt_square_flops: Flops,
    prefill_attention_flops_window: Flops,
    both_ways: Count,
) -> Flops:
    """Operations of attention over a text: all of it, or a band under a window.

    A window to both sides loses a triangle of half its width at either end; one that looks back
    loses one of all its width.
    """
    inside = np.minimum(input_tokens, window_tokens)
    lost = np.where(both_ways > 0, 0.25, 0.5) * inside * inside
    short = np.where(both_ways > 0, input_tokens * input_tokens, input_tokens**2 / 2.0)
    band = np.where(input_tokens > window_tokens, input_tokens * inside - lost, short)
    return prompt_square_flops + band * (1.0 - cached_prompt_share) * prefill_attention_flops_window


def pass_floor_seconds(
    dense_read_bytes: Bytes,
    expert_bytes: Bytes,
    dense_kept_share: Count,
    sustained_bytes_s: BytesPerSecond,
    collective_latency_seconds: Seconds,
    launch_seconds: Seconds,
    pp: Count,
    timed: Count,
) -> Seconds:
    """What any pass takes in each stage: its weights are read, its kernels and links start.

    Unknown under settings that nobody models (`timed`).
    """
    read = (dense_read_bytes + expert_bytes) / dense_kept_share / sustained_bytes_s
    return (read + collective_latency_seconds + launch_seconds) * timed / pp


def pass_host_seconds(eager_seconds: Seconds, step_launch_s: Seconds, pp: Count) -> Seconds:
    """What the host takes for a pass: to schedule it, and to launch kernels one by one."""
    return (eager_seconds + step_launch_s) / pp


def texts_at_most(
    max_num_batched_tokens: Tokens, read_tokens: Tokens, max_num_seqs: Requests
) -> Requests:
    """Texts that the engine reads in one pass; one that is longer is alone in several."""
    whole = np.floor(max_num_batched_tokens / read_tokens)
    return np.clip(whole, 1.0, max_num_seqs)


def passes_per_text(max_num_batched_tokens: Tokens, read_tokens: Tokens) -> Count:
    """Passes over which a long text is read."""
    return np.maximum(np.ceil(read_tokens / max_num_batched_tokens), 1.0)


def cycle_seconds(
    running: Requests,
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
) -> Seconds:
    """Time in which a stage reads as many texts as run at once."""
    return pass_seconds(
        running,
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
    )


def pass_seconds(
    texts: Numbers,
    each: Numbers,
    floor: Numbers,
    host: Numbers,
    passes: Numbers,
    request: Numbers,
    sharpness: Numbers,
) -> Numbers:
    """Return the time of a stage for so many texts, in s.

    `each` text adds its work, and `request` of the host; `floor` and `host` are of any pass, of
    which a text takes `passes`.
    """
    work = overlap_seconds(texts * each, floor * passes, sharpness)
    found: Numbers = work + host * passes + request * texts
    return found


TERMS = (
    prompt_square_flops,
    prompt_attention_flops,
    pass_floor_seconds,
    pass_host_seconds,
    texts_at_most,
    passes_per_text,
    cycle_seconds,
)
