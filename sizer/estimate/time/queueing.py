"""Terms of waiting: what a request's first token waits for beside its own prompt."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    Requests,
    RequestsPerSecond,
    Seconds,
    Tokens,
)

MS = 1e3
IN_STEP = 0.5  # of other prompts come before one's own, in the mean
BUSIEST = 0.97  # an M/G/1 wait diverges at 1; beyond this the bisection of arrivals decides


def waves(lockstep: Count, prompts_first: Count) -> Count:
    """Whether users who started together stay together.

    They do where decoding waits while prompts are read: all then have as many tokens, and end at
    once. Where steps mix both, first tokens spread the users out.
    """
    return lockstep * prompts_first


def joining_seconds(
    step_seconds: Seconds,
    running: Requests,
    read_tokens: Tokens,
    output_tokens: Tokens,
    max_num_batched_tokens: Tokens,
    step_wait: Count,
    prefill_wait_steps: Count,
    scheduler_recv_interval: Count,
    waves: Count,
    server_s: Seconds,
    static_batching: Count,
) -> Seconds:
    """Request handling, and the running decode steps that the prompt's chunks share.

    Those for which the engine holds prompts back come on top, and half of those between two looks
    for new requests. Nobody holds back where none runs, and none decodes for longer than an answer,
    or at all when a wave of prompts comes.
    """
    chunks = np.maximum(1.0, read_tokens / max_num_batched_tokens)
    held_back = prefill_wait_steps + (scheduler_recv_interval - 1.0) / 2.0
    steps = np.minimum(step_wait * chunks + held_back, output_tokens - 1.0)
    shared = np.minimum(running - 1.0, 1.0) * steps * step_seconds * (1.0 - waves)
    return (server_s + shared) * (1.0 - static_batching)


def prompts_ahead(
    running: Requests,
    burst_of_prompts: Count,
    waves: Count,
    read_tokens: Tokens,
    max_num_batched_tokens: Tokens,
) -> Requests:
    """Other prompts that are read before a request's first token in a closed loop.

    A share of the first burst. Every wave is a burst: half of its prompts come before one's own,
    and half of those that share its step come after and are waited for.
    """
    others = running - 1.0
    together = np.clip(max_num_batched_tokens / read_tokens, 1.0, running)
    wave = IN_STEP * (others + together - 1.0)
    return np.where(waves > 0, wave, burst_of_prompts * others)


def burst_seconds(
    prompt_seconds: Seconds,
    prompts_ahead: Requests,
    lone_step_seconds: Seconds,
    prompts_first: Count,
    read_tokens: Tokens,
    max_num_batched_tokens: Tokens,
    request_rate: RequestsPerSecond,
    replicas: Count,
    dp: Count,
    input_tokens_spread: Count,
    static_batching: Count,
) -> Seconds:
    """Wait behind others' prompts: those of a closed loop's burst, or an M/G/1 queue.

    A step reads so many tokens at most, and passes over the weights for those that decode unless
    prompts come first; few do when a burst starts.
    Lengths of prompts that differ make the queue longer (Pollaczek and Khinchine).
    """
    steps = (1.0 - prompts_first) * read_tokens / max_num_batched_tokens
    closed = prompts_ahead * (prompt_seconds + steps * lone_step_seconds)
    busy = np.minimum(request_rate / (replicas * dp) * prompt_seconds, BUSIEST)
    varied = 1.0 + input_tokens_spread**2
    steady = busy * varied / (2.0 * (1.0 - busy)) * prompt_seconds
    return np.where(np.isnan(request_rate), closed, steady) * (1.0 - static_batching)


def arrival_seconds(
    prefill_seconds: Seconds, joining_seconds: Seconds, burst_seconds: Seconds
) -> Seconds:
    """First token of a request that the engine takes at once."""
    return prefill_seconds + joining_seconds + burst_seconds


def cycle_seconds(
    prefill_seconds: Seconds,
    prompt_seconds: Seconds,
    step_seconds: Seconds,
    running: Requests,
    output_tokens: Tokens,
    prefill_interference: Count,
    static_batching: Count,
) -> Seconds:
    """Time in which an attention group answers as many requests as it runs, never idle.

    A request's own prompt, the prompts of those that replace the others, and its decode steps;
    the prompts of a static batch are read together.
    """
    others = prefill_interference * (running - 1.0) * prompt_seconds * (1.0 - static_batching)
    return prefill_seconds + others + (output_tokens - 1.0) * step_seconds


def ttft_ms(
    arrival_seconds: Seconds,
    cycle_seconds: Seconds,
    in_flight: Requests,
    running: Requests,
    token_seconds: Seconds,
    output_tokens: Tokens,
) -> Milliseconds:
    """Time to first token: that of a request taken at once, and its wait for a place before.

    A place is taken for as long as a request is served, at least its share of a cycle. So a request
    is in flight for `in_flight / running` times as long (Little, 1961).
    """
    decoding = (output_tokens - 1.0) * token_seconds
    served = np.maximum(arrival_seconds + decoding, cycle_seconds)
    return (np.maximum(in_flight / running, 1.0) * served - decoding) * MS


TERMS = (
    waves,
    joining_seconds,
    prompts_ahead,
    burst_seconds,
    arrival_seconds,
    cycle_seconds,
    ttft_ms,
)
