"""Terms of the pass that checks drafted tokens: its positions, and what it yields.

The model runs over the last token of each request and the drafted ones behind it; those that it
would have written itself stay, and one token of its own comes on top (Leviathan et al.,
arXiv:2211.17192, section 3.1).
"""

from __future__ import annotations

from sizer.estimate.columns.quantity import Count, Requests, Seconds, Tokens


def checked_tokens(drafted_tokens: Tokens) -> Tokens:
    """Positions of each request in a step: its last token, and those that are drafted."""
    return 1.0 + drafted_tokens


def step_positions(stage_batch: Requests, checked_tokens: Tokens) -> Tokens:
    """Positions of a step over all requests of a micro-batch."""
    return stage_batch * checked_tokens


def token_step_seconds(step_seconds: Seconds, acceptance_length: Tokens) -> Seconds:
    """Time of a decode step over the tokens that it yields of each request."""
    return step_seconds / acceptance_length


def answer_steps(output_tokens: Tokens, acceptance_length: Tokens) -> Count:
    """Decode steps of an answer after its first token, in the mean."""
    return (output_tokens - 1.0) / acceptance_length


TERMS = (checked_tokens, step_positions, token_step_seconds, answer_steps)
