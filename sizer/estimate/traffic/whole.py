"""Terms of whole requests: a first token, and an answer at its pace."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Milliseconds, Numbers, Tokens
from sizer.estimate.traffic.percent import Percent, at_percents


def e2e(
    _: Percent,
    e2e_ms: Milliseconds,
    ttft_ms: Milliseconds,
    itl_ms: Milliseconds,
    output_tokens: Tokens,
    ttft_here_ms: Milliseconds,
    tpot_here_ms: Milliseconds,
    output_tokens_here: Tokens,
) -> Milliseconds:
    """Whole request at a percent of requests: first token, length and pace of the answer.

    Each is at the percent by itself. They are taken as independent, so their distances from the
    mean add as squares do, exactly so where all are normal.
    """
    first = ttft_here_ms - ttft_ms
    length = (output_tokens_here - output_tokens) * itl_ms
    pace = (output_tokens - 1.0) * (tpot_here_ms - itl_ms)
    apart = _signed_square(first) + _signed_square(length) + _signed_square(pace)
    whole = e2e_ms + np.copysign(np.sqrt(np.abs(apart)), apart)
    return np.maximum(whole, np.minimum(ttft_here_ms, e2e_ms))


def _signed_square(values: Numbers) -> Numbers:
    square: Numbers = np.copysign(values * values, values)
    return square


TERMS = at_percents(e2e, "Whole request that {percent} % of requests do not exceed.")
