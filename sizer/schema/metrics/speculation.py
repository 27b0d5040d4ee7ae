"""Metrics of speculative decoding: what is drafted for a step, and what a step yields."""

from __future__ import annotations

from sizer.schema.metrics.metric import count, number
from sizer.schema.metrics.references import ASKED, SPECULATION

SPECULATION_FAMILY = (
    count("drafted_tokens", "token", "none", "tokens drafted for each step; 0 drafts none", ASKED),
    number(
        "acceptance_length",
        "token",
        "higher",
        "tokens that a step yields of each request in the mean; 1 where nobody drafts",
        SPECULATION,
        of="request",
    ),
    number(
        "draft_ms",
        "ms",
        "lower",
        "passes of the draft in a step; 0 where nobody drafts",
        SPECULATION,
    ),
)
