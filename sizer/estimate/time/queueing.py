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
BUSIEST = 0.97  # an M/G/1 wait diverges at 1; beyond this the bisection of arrivals decides


def joining_seconds(
    step_seconds: Seconds,
    batch: Requests,
    read_tokens: Tokens,
    max_num_batched_tokens: Tokens,
    step_wait: Count,
    prefill_wait_steps: Count,
    server_s: Seconds,
    static_batching: Count,
) -> Seconds:
    """Request handling, and the running decode steps that the prompt's chunks share.

    Those for which the engine holds prompts back come on top; nobody holds back where none runs.
    """
    chunks = np.maximum(1.0, read_tokens / max_num_batched_tokens)
    steps = step_wait * chunks + prefill_wait_steps
    shared = np.where(batch > 1, steps * step_seconds, 0.0)
    return (server_s + shared) * (1.0 - static_batching)


def burst_seconds(
    prompt_seconds: Seconds,
    batch: Requests,
    burst_of_prompts: Count,
    request_rate: RequestsPerSecond,
    replicas: Count,
    dp: Count,
    input_tokens_spread: Count,
    static_batching: Count,
) -> Seconds:
    """Wait behind others' prompts: a share of a closed loop's first burst, or an M/G/1 queue.

    Lengths of prompts that differ make the queue longer (Pollaczek and Khinchine).
    """
    closed = burst_of_prompts * (batch - 1.0) * prompt_seconds
    busy = np.minimum(request_rate / (replicas * dp) * prompt_seconds, BUSIEST)
    varied = 1.0 + input_tokens_spread**2
    steady = busy * varied / (2.0 * (1.0 - busy)) * prompt_seconds
    return np.where(np.isnan(request_rate), closed, steady) * (1.0 - static_batching)


def arrival_seconds(
    prefill_seconds: Seconds, joining_seconds: Seconds, burst_seconds: Seconds
) -> Seconds:
    """First token of a request that the engine takes at once."""
    return prefill_seconds + joining_seconds + burst_seconds


def ttft_ms(
    arrival_seconds: Seconds,
    batch: Requests,
    running: Requests,
    token_seconds: Seconds,
    output_tokens: Tokens,
) -> Milliseconds:
    """Time to first token, with the lives of others that a request without room waits for."""
    waiting = (batch / running - 1.0) * (arrival_seconds + output_tokens * token_seconds)
    return (arrival_seconds + waiting) * MS


TERMS = (joining_seconds, burst_seconds, arrival_seconds, ttft_ms)
