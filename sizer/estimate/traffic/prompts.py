"""Terms of prompts as they delay others: moments of their work in a step that decodes too."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Count,
    Flops,
    FlopsPerSecond,
    Requests,
    Seconds,
    SquareSeconds,
    Tokens,
)


def mixed_prompt_seconds(prompt_seconds: Seconds, prefill_interference: Count) -> Seconds:
    """Time that one prompt adds to steps of others, in the mean."""
    return prompt_seconds * prefill_interference


def square_share(
    prompt_square_flops: Flops,
    peak_flops_16: FlopsPerSecond,
    prefill_attention_share: Count,
    prompt_seconds: Seconds,
    pp: Count,
) -> Count:
    """Share of a prompt's work that grows with the square of its length: full attention."""
    square = prompt_square_flops / (peak_flops_16 * prefill_attention_share * pp)
    return np.clip(square / prompt_seconds, 0.0, 1.0)


def prompt_second_moment(
    square_share: Count,
    input_moment_2: Count,
    input_moment_3: Count,
    input_moment_4: Count,
) -> Count:
    """Mean square of a prompt's work over its squared mean."""
    line, square = 1.0 - square_share, square_share / input_moment_2
    linear = line * line * input_moment_2 + 2.0 * line * square * input_moment_3
    return np.maximum(linear + square * square * input_moment_4, 1.0)


def prompt_third_moment(
    square_share: Count,
    input_moment_2: Count,
    input_moment_3: Count,
    input_moment_4: Count,
    input_moment_5: Count,
    input_moment_6: Count,
) -> Count:
    """Mean cube of a prompt's work over its cubed mean."""
    line, square = 1.0 - square_share, square_share / input_moment_2
    linear = line**3 * input_moment_3 + 3.0 * line * line * square * input_moment_4
    quadratic = 3.0 * line * square**2 * input_moment_5 + square**3 * input_moment_6
    return np.maximum(linear + quadratic, 1.0)


def prompt_square_seconds(
    mixed_prompt_seconds: Seconds, prompt_second_moment: Count
) -> SquareSeconds:
    """Mean square of the time that one prompt adds."""
    return mixed_prompt_seconds**2 * prompt_second_moment


def budget_tokens(
    max_num_batched_tokens: Tokens,
    running: Requests,
    checked_tokens: Tokens,
    prompts_first: Count,
) -> Tokens:
    """Tokens of prompts that a step takes beside those that decode; all where prompts go first."""
    left = np.maximum(max_num_batched_tokens - running * checked_tokens, FEWEST)
    return np.where(prompts_first > 0, np.inf, left)


def budget_seconds(
    budget_tokens: Tokens, read_tokens: Tokens, mixed_prompt_seconds: Seconds, square_share: Count
) -> Seconds:
    """Time of as many tokens of prompts as one step takes."""
    return budget_tokens / read_tokens * mixed_prompt_seconds * (1.0 - square_share / 2.0)


FEWEST = 16.0  # a full step still lets a block of a prompt in
TERMS = (
    mixed_prompt_seconds,
    square_share,
    prompt_second_moment,
    prompt_third_moment,
    prompt_square_seconds,
    budget_tokens,
    budget_seconds,
)
