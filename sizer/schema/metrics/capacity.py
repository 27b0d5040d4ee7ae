"""Metrics of capacity: what all replicas sustain, and how near a load is to it."""

from __future__ import annotations

from sizer.schema.metrics.metric import number, truth
from sizer.schema.metrics.references import GOODPUT, LITTLE, SERVING

CAPACITY = (
    number(
        "max_request_rate",
        "request/s",
        "higher",
        "requests that all replicas sustain, output of `output_tokens` each",
        LITTLE,
        of="all replicas",
    ),
    number(
        "cached_prompt_share",
        "1",
        "higher",
        "share of a prompt that is not computed again: shared prefixes, turns, given hits, offload",
        SERVING,
    ),
    number(
        "utilization",
        "1",
        "lower",
        "`request_rate` over `max_request_rate`; without a rate, running over admitted requests",
        LITTLE,
    ),
    number(
        "goodput_per_s",
        "request/s",
        "higher",
        "highest rate at which every condition holds; unknown unless `request_rate` is `highest`",
        GOODPUT,
        of="all replicas",
    ),
    number(
        "goodput_per_s_per_gpu",
        "request/s",
        "higher",
        "`goodput_per_s` over `gpus`",
        GOODPUT,
        of="accelerator",
    ),
    truth(
        "overloaded",
        "lower",
        "whether more requests arrive than are answered, so that the queue grows without end",
        LITTLE,
    ),
)
