"""Terms of uncertainty: the interval that measurements of unseen groups fell into."""

from __future__ import annotations

from itertools import chain

import numpy as np

from sizer.estimate.columns.interval import at_ends, scaled
from sizer.estimate.columns.quantity import Count, RequestsPerSecond, Tokens, TokensPerSecond
from sizer.estimate.time import service
from sizer.schema.metrics import MEASURED


def tokens_per_second_high(
    tokens_per_second: TokensPerSecond,
    tokens_per_second_high_ratio: Count,
    request_rate: RequestsPerSecond,
    output_tokens: Tokens,
) -> TokensPerSecond:
    """High end of the interval of `tokens_per_second`: no more than what arrives."""
    offered = np.where(np.isnan(request_rate), np.inf, request_rate * output_tokens)
    return np.minimum(tokens_per_second * tokens_per_second_high_ratio, offered)


PAIRS = {name: scaled(name) for name in MEASURED}
COST = at_ends(service.cost_usd_per_mtok, opposite=("tokens_per_second",))
TERMS = (*chain.from_iterable(PAIRS.values()), tokens_per_second_high, *COST)  # a later one counts
