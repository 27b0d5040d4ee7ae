"""Terms of how busy an accelerator is: seconds of each request, and shares of all time.

A device of a group spends them for every request that the group answers: its part of decode steps
that all running requests share, and the request's own prompt.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Requests,
    RequestsPerSecond,
    Seconds,
    Tokens,
    TokensPerSecond,
)


def request_steps(answer_steps: Count, running: Requests) -> Count:
    """Decode steps that a request takes, over the requests that share each of them."""
    return answer_steps / running


def request_busy_seconds(
    request_steps: Count, step_seconds: Seconds, prompt_seconds: Seconds
) -> Seconds:
    """Time for which an accelerator works on one request, a draft's passes among it."""
    return request_steps * step_seconds + prompt_seconds


def request_traffic_seconds(
    request_steps: Count, bandwidth_seconds: Seconds, prompt_moved_seconds: Seconds, pp: Count
) -> Seconds:
    """Time of one request's memory traffic on an accelerator, without a draft's."""
    return request_steps * bandwidth_seconds + prompt_moved_seconds / pp


def request_arithmetic_seconds(
    request_steps: Count, compute_seconds: Seconds, prompt_work_seconds: Seconds, pp: Count
) -> Seconds:
    """Time of one request's arithmetic on an accelerator, without a draft's."""
    return request_steps * compute_seconds + prompt_work_seconds / pp


def group_request_rate(
    tokens_per_second: TokensPerSecond, output_tokens: Tokens, replicas: Count, dp: Count
) -> RequestsPerSecond:
    """Requests that one attention group answers in a second, in the mean over groups."""
    return tokens_per_second / output_tokens / (replicas * dp)


def busy_share(group_request_rate: RequestsPerSecond, request_busy_seconds: Seconds) -> Count:
    """Share of time in which an accelerator works."""
    return np.minimum(group_request_rate * request_busy_seconds, 1.0)


def traffic_share(group_request_rate: RequestsPerSecond, request_traffic_seconds: Seconds) -> Count:
    """Share of time in which its memory is busy."""
    return np.minimum(group_request_rate * request_traffic_seconds, 1.0)


def arithmetic_share(
    group_request_rate: RequestsPerSecond, request_arithmetic_seconds: Seconds
) -> Count:
    """Share of time in which its arithmetic is busy."""
    return np.minimum(group_request_rate * request_arithmetic_seconds, 1.0)


TERMS = (
    request_steps,
    request_busy_seconds,
    request_traffic_seconds,
    request_arithmetic_seconds,
    group_request_rate,
    busy_share,
    traffic_share,
    arithmetic_share,
)
