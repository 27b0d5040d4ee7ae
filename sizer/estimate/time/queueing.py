"""Terms of waiting: what a request's first token waits for beside its own prompt."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    Requests,
    Seconds,
    Tokens,
)

MS = 1e3
IN_STEP = 0.5  # of other prompts come before one's own, in the mean


def waves(lockstep: Count, prompts_first: Count) -> Count:
    """Whether users who started together stay together.

    They do where decoding waits while prompts are read: all then have as many tokens, and end at
    once. Where steps mix both, first tokens spread the users out.
    """
    return lockstep * prompts_first


def prompt_chunks(read_tokens: Tokens, max_num_batched_tokens: Tokens) -> Count:
    """Steps over which a prompt is read."""
    return np.maximum(read_tokens / max_num_batched_tokens, 1.0)


def held_back_steps(prefill_wait_steps: Count, scheduler_recv_interval: Count) -> Count:
    """Decode steps for which the engine holds prompts back, and half of those between two looks."""
    return prefill_wait_steps + (scheduler_recv_interval - 1.0) / 2.0


def joining_seconds(
    step_seconds: Seconds,
    running: Requests,
    prompt_chunks: Count,
    held_back_steps: Count,
    answer_steps: Count,
    step_wait: Count,
    waves: Count,
    handling_seconds: Seconds,
    static_batching: Count,
) -> Seconds:
    """Request handling, and the running decode steps that the prompt's chunks share.

    Nobody holds back where none runs, and none decodes for longer than an answer, or at all when a
    wave of prompts comes.
    """
    steps = np.minimum(step_wait * prompt_chunks + held_back_steps, answer_steps)
    shared = np.minimum(running - 1.0, 1.0) * steps * step_seconds * (1.0 - waves)
    return (handling_seconds + shared) * (1.0 - static_batching)


def first_wave_share(
    burst_of_prompts: Count, asked_concurrency: Requests, users: Requests, requests: Requests
) -> Count:
    """Share of a closed loop's requests that come at once when it starts.

    Those of published benchmarks have `burst_of_prompts` of the others ahead, in the mean over
    all: half of a first wave that is twice this share.
    """
    wave = np.where(np.isnan(users), asked_concurrency, users) / requests
    return np.minimum(np.where(np.isnan(requests), burst_of_prompts / IN_STEP, wave), 1.0)


def prompts_ahead(
    running: Requests,
    first_wave_share: Count,
    waves: Count,
    read_tokens: Tokens,
    max_num_batched_tokens: Tokens,
) -> Requests:
    """Other prompts that are read before a request's first token in a closed loop.

    Half of the first wave, for the share of requests that are of it. Every wave is a burst: half of
    its prompts come before one's own, and half of those that share its step come after and are
    waited for.
    """
    others = running - 1.0
    together = np.clip(max_num_batched_tokens / read_tokens, 1.0, running)
    wave = IN_STEP * (others + together - 1.0)
    return np.where(waves > 0, wave, IN_STEP * first_wave_share * others)


def burst_seconds(
    prompt_seconds: Seconds,
    prompts_ahead: Requests,
    lone_step_seconds: Seconds,
    prompts_first: Count,
    read_tokens: Tokens,
    max_num_batched_tokens: Tokens,
    arrival_randomness: Count,
    static_batching: Count,
) -> Seconds:
    """Wait behind others' prompts of a closed loop's burst, in the mean; none under a rate.

    A step reads so many tokens at most, and passes over the weights for those that decode unless
    prompts come first; few do when a burst starts.
    """
    steps = (1.0 - prompts_first) * read_tokens / max_num_batched_tokens
    closed = prompts_ahead * (prompt_seconds + steps * lone_step_seconds)
    return closed * (1.0 - arrival_randomness) * (1.0 - static_batching)


def arrival_seconds(
    prefill_seconds: Seconds,
    joining_seconds: Seconds,
    burst_seconds: Seconds,
    random_arrival_seconds: Seconds,
    arrival_randomness: Count,
) -> Seconds:
    """First token of a request that the engine takes at once, as far as it comes on its own."""
    closed = (prefill_seconds + joining_seconds) * (1.0 - arrival_randomness)
    return closed + burst_seconds + random_arrival_seconds * arrival_randomness


def cycle_seconds(
    prefill_seconds: Seconds,
    prompt_seconds: Seconds,
    step_seconds: Seconds,
    running: Requests,
    answer_steps: Count,
    prefill_interference: Count,
    static_batching: Count,
) -> Seconds:
    """Time in which an attention group answers as many requests as it runs, never idle.

    A request's own prompt, the prompts of those that replace the others, and its decode steps;
    the prompts of a static batch are read together. However few tokens are written, every prompt
    is read.
    """
    others = prefill_interference * (running - 1.0) * prompt_seconds * (1.0 - static_batching)
    held = prefill_seconds + others + answer_steps * step_seconds
    return np.maximum(held, running * prompt_seconds)


def ttft_ms(arrival_seconds: Seconds, queue_ms: Milliseconds) -> Milliseconds:
    """Mean time to first token: that of a request taken at once, and its wait before."""
    return arrival_seconds * MS + queue_ms


TERMS = (
    waves,
    prompt_chunks,
    held_back_steps,
    joining_seconds,
    first_wave_share,
    prompts_ahead,
    burst_seconds,
    arrival_seconds,
    cycle_seconds,
    ttft_ms,
)
