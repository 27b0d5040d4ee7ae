"""Terms of one pass: some texts are read together, each once, and nothing is decoded.

A pass reads the weights once, whatever it reads; arithmetic, activations and links grow with its
tokens. So few texts cost as much as one, and many cost as much as their arithmetic.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

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
from sizer.estimate.traffic.distributions import normal_score

BLOM = 0.375
LEAST_RANK = 1e-6
MOST_SORTED = 8  # batches that an engine sorts together
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


def pass_tokens(
    max_num_batched_tokens: Tokens, max_context: Tokens, both_ways: Count, by_texts: Count
) -> Tokens:
    """Tokens that a pass takes: endless where batches count texts.

    Encoders read a text whole, so a pass takes the longest (vLLM, arg_utils.py: without chunked
    prefill `max_num_batched_tokens` is no less than `max_model_len`).
    """
    whole = np.where(both_ways > 0, max_context, 0.0)
    return np.where(by_texts > 0, np.inf, np.maximum(max_num_batched_tokens, whole))


def texts_at_most(pass_tokens: Tokens, read_tokens: Tokens, max_num_seqs: Requests) -> Requests:
    """Texts that the engine reads in one pass; one that is longer is alone in several."""
    return np.clip(np.floor(pass_tokens / read_tokens), 1.0, max_num_seqs)


def passes_per_text(pass_tokens: Tokens, read_tokens: Tokens) -> Count:
    """Passes over which a long text is read."""
    return np.maximum(np.ceil(read_tokens / pass_tokens), 1.0)


def padded_sigma(padded: Count, input_moment_2: Count) -> Count:
    """Standard deviation of logarithms of lengths that are padded to the longest; 0 where not."""
    return padded * np.sqrt(np.log(input_moment_2))


def padded_growth(square_share: Count) -> Count:
    """Power of a length by which the work of a text grows: 2 if it were all attention."""
    return 1.0 + square_share


def cycle_seconds(
    running: Requests,
    prompt_seconds: Seconds,
    pass_floor_seconds: Seconds,
    pass_host_seconds: Seconds,
    passes_per_text: Count,
    request_step_s: Seconds,
    sharpness: Count,
    padded_sigma: Count,
    padded_growth: Count,
    sorted_batches: Count,
) -> Seconds:
    """Time in which a stage reads as many texts as run at once."""
    return Pass(
        prompt_seconds,
        pass_floor_seconds,
        pass_host_seconds,
        passes_per_text,
        request_step_s,
        sharpness,
        padded_sigma,
        padded_growth,
        sorted_batches,
    ).seconds(running)


@frozen(eq=False)
class Pass:
    """What a pass of one stage is made of, in s.

    Each text adds its work, and `host_text` of the host; `floor` and `host` are of any pass, of
    which a text takes `passes`. Logarithms of lengths that are padded differ by `sigma`, and work
    grows as a power of the length; `batches` are sorted together.
    """

    each: Numbers
    floor: Numbers
    host: Numbers
    passes: Numbers
    host_text: Numbers
    sharpness: Numbers
    sigma: Numbers
    growth: Numbers
    batches: Numbers

    def seconds(self, texts: Numbers) -> Numbers:
        """Return the time of a pass of so many texts."""
        longer: Numbers | float = 1.0
        if np.any(self.sigma):
            longer = np.power(padding(texts, self.sigma, self.batches), self.growth)
        work = overlap_seconds(texts * self.each * longer, self.floor * self.passes, self.sharpness)
        return work + self.host * self.passes + self.host_text * texts


def padding(texts: Numbers, sigma: Numbers, batches: Numbers) -> Numbers:
    """Return the longest text of a batch over the mean, of log-normal lengths.

    Ranks are Blom's (Statistical Estimates and Transformed Beta-Variables, 1958). Of batches that
    were sorted together it is the mean over them.
    """
    total = np.zeros_like(texts)
    for number in range(1, MOST_SORTED + 1):
        rank = (texts * number - BLOM) / (texts * batches + 1.0 - 2.0 * BLOM)
        score = normal_score(np.clip(rank, LEAST_RANK, 1.0 - LEAST_RANK))
        longest = np.exp(sigma * score - sigma * sigma / 2.0)
        total = total + np.where(number <= batches, longest, 0.0)
    found: Numbers = np.maximum(total / batches, 1.0)
    return found


TERMS = (
    prompt_square_flops,
    prompt_attention_flops,
    pass_floor_seconds,
    pass_host_seconds,
    pass_tokens,
    texts_at_most,
    passes_per_text,
    padded_sigma,
    padded_growth,
    cycle_seconds,
)
