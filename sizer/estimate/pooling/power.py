"""Terms of how busy an accelerator is that reads texts: its passes, by the text."""

from __future__ import annotations

from sizer.estimate.columns.quantity import Count, Requests, RequestsPerSecond, Seconds


def group_request_rate(group_rate: RequestsPerSecond) -> RequestsPerSecond:
    """Texts that one attention group reads in a second."""
    return group_rate + 0.0


def request_busy_seconds(mean_pass_seconds: Seconds, texts_per_pass: Requests) -> Seconds:
    """Time for which an accelerator works on one text: a pass over those that share it."""
    return mean_pass_seconds / texts_per_pass


def request_traffic_seconds(
    bandwidth_seconds: Seconds, texts_per_pass: Requests, pp: Count
) -> Seconds:
    """Time of one text's memory traffic on an accelerator."""
    return bandwidth_seconds / texts_per_pass / pp


def request_arithmetic_seconds(prompt_work_seconds: Seconds, pp: Count) -> Seconds:
    """Time of one text's arithmetic on an accelerator."""
    return prompt_work_seconds / pp


TERMS = (
    group_request_rate,
    request_busy_seconds,
    request_traffic_seconds,
    request_arithmetic_seconds,
)
