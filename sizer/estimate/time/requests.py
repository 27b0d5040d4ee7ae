"""Terms of requests as units, whatever they write."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Requests,
    RequestsPerSecond,
    Tokens,
    TokensPerSecond,
    UsdPerMtok,
)


def requests_per_second(
    tokens_per_second: TokensPerSecond, output_tokens: Tokens
) -> RequestsPerSecond:
    """Requests that all replicas answer."""
    return tokens_per_second / output_tokens


def requests_per_second_per_gpu(
    requests_per_second: RequestsPerSecond, gpus: Count
) -> RequestsPerSecond:
    """Its share of one accelerator."""
    return requests_per_second / gpus


def input_tokens_per_second(
    requests_per_second: RequestsPerSecond, input_tokens: Tokens
) -> TokensPerSecond:
    """Prompt tokens of all replicas."""
    return requests_per_second * input_tokens


def texts_per_pass(input_tokens: Tokens) -> Requests:
    """Unknown where answers are written: steps mix prompts with tokens."""
    return np.full(input_tokens.shape, np.nan)


def cost_usd_per_mtok_input(input_tokens: Tokens) -> UsdPerMtok:
    """Unknown where answers are written: prompts and answers share the cost."""
    return np.full(input_tokens.shape, np.nan)


TERMS = (
    requests_per_second,
    requests_per_second_per_gpu,
    input_tokens_per_second,
    texts_per_pass,
    cost_usd_per_mtok_input,
)
