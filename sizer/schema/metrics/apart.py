"""Metrics of prompts that are read apart from decoding: both sides, and the way between them."""

from __future__ import annotations

from sizer.schema.metrics.metric import count, number, text
from sizer.schema.metrics.references import ASKED, GOODPUT, LITTLE

APART = (
    count("prefill_replicas", "1", "none", "replicas that read prompts alone, or 0", ASKED),
    count("prefill_gpus", "1", "none", "accelerators of them, those to spare among them", ASKED),
    number(
        "transfer_ms",
        "ms",
        "lower",
        "wait for a prompt's cache on its way to decode; 0 where none goes",
        GOODPUT,
    ),
    number(
        "prefill_utilization",
        "1",
        "lower",
        "requests a second over those that prefill sustains; `utilization` where nothing is apart",
        LITTLE,
    ),
    number(
        "decode_utilization",
        "1",
        "lower",
        "requests a second over those that decode sustains; `utilization` where nothing is apart",
        LITTLE,
    ),
    text(
        "binding_side",
        "what is nearest to its capacity; `both` do the same work where nothing is apart",
        GOODPUT,
        ("both", "prefill", "decode", "link"),
    ),
)
