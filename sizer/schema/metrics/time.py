"""Metrics of time: parts of a step, latencies and throughput."""

from __future__ import annotations

from sizer.schema.metrics.metric import number, text, truth
from sizer.schema.metrics.references import ROOFLINE

TIME = (
    number("prefill_ms", "ms", "lower", "time to read one prompt, alone"),
    number(
        "decode_step_ms",
        "ms",
        "lower",
        "time of one step that gives every request a token, or `acceptance_length` of them",
    ),
    number("ttft_ms", "ms", "lower", "time to first token, waiting included"),
    number(
        "itl_ms",
        "ms",
        "lower",
        "mean time between output tokens of one request",
        aliases=("latency_ms",),
    ),
    number("e2e_ms", "ms", "lower", "whole request: first token and all others"),
    number(
        "tokens_per_second", "token/s", "higher", "output tokens of all replicas", of="all replicas"
    ),
    number(
        "tokens_per_second_per_user",
        "token/s",
        "higher",
        "output tokens of one request",
        of="request",
    ),
    number(
        "tokens_per_second_per_gpu",
        "token/s",
        "higher",
        "output tokens of one accelerator",
        of="accelerator",
    ),
    number(
        "total_tokens_per_second",
        "token/s",
        "higher",
        "input and output tokens of all replicas",
        of="all replicas",
    ),
    number(
        "max_tokens_per_second",
        "token/s",
        "higher",
        "output tokens of all replicas when requests never run out",
        of="all replicas",
    ),
    number("compute_ms", "ms", "lower", "arithmetic of a decode step"),
    number("bandwidth_ms", "ms", "lower", "memory traffic of a decode step"),
    number("interconnect_ms", "ms", "lower", "collectives of a decode step"),
    number("engine_ms", "ms", "lower", "launches and scheduling of a decode step"),
    truth("compute_bound", "none", "whether arithmetic takes longer than memory traffic", ROOFLINE),
    text(
        "bottleneck",
        "what takes the longest in a decode step",
        ROOFLINE,
        ("compute", "bandwidth", "interconnect", "overhead"),
    ),
)
