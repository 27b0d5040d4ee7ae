"""Terms of what compressors of a context have not pressed yet, in small pages (DeepSeek-V4).

Compressors whose windows overlap keep two windows, others one.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Bytes, Numbers, Tokens


def pending_bytes_at_end(
    sequence_tokens: Tokens,
    overlapped_block_bytes: Bytes,
    overlapped_block_tokens: Tokens,
    overlapped_tokens: Tokens,
    pressed_block_bytes: Bytes,
    pressed_block_tokens: Tokens,
    pressed_tokens: Tokens,
) -> Bytes:
    """What waits of one request of this load on one accelerator while it decodes."""
    overlapped = np.minimum(overlapped_tokens, sequence_tokens)
    pressed = np.minimum(pressed_tokens, sequence_tokens)
    return _blocks(overlapped, overlapped_block_tokens) * overlapped_block_bytes + (
        _blocks(pressed, pressed_block_tokens) * pressed_block_bytes
    )


def pending_bytes_in_prompt(
    sequence_tokens: Tokens,
    overlapped_block_bytes: Bytes,
    overlapped_block_tokens: Tokens,
    overlapped_tokens: Tokens,
    pressed_block_bytes: Bytes,
    pressed_block_tokens: Tokens,
    pressed_tokens: Tokens,
    tokens_in_flight: Tokens,
) -> Bytes:
    """What waits of one request while its prompt is read: all tokens in flight too."""
    return pending_bytes_at_end(
        sequence_tokens,
        overlapped_block_bytes,
        overlapped_block_tokens,
        overlapped_tokens - 1.0 + tokens_in_flight,
        pressed_block_bytes,
        pressed_block_tokens,
        pressed_tokens - 1.0 + tokens_in_flight,
    )


def pending_bytes_at_max_context(
    max_context: Tokens,
    overlapped_block_bytes: Bytes,
    overlapped_block_tokens: Tokens,
    overlapped_tokens: Tokens,
    pressed_block_bytes: Bytes,
    pressed_block_tokens: Tokens,
    pressed_tokens: Tokens,
    tokens_in_flight: Tokens,
) -> Bytes:
    """What waits of one request of `max_context`, all tokens in flight included."""
    return pending_bytes_in_prompt(
        max_context,
        overlapped_block_bytes,
        overlapped_block_tokens,
        overlapped_tokens,
        pressed_block_bytes,
        pressed_block_tokens,
        pressed_tokens,
        tokens_in_flight,
    )


def pending_bytes_at_start(
    max_context: Tokens,
    start_overlapped_block_bytes: Bytes,
    overlapped_block_tokens: Tokens,
    overlapped_tokens: Tokens,
    start_pressed_block_bytes: Bytes,
    pressed_block_tokens: Tokens,
    pressed_tokens: Tokens,
    tokens_in_flight: Tokens,
) -> Bytes:
    """The same as an engine's check at its start counts it."""
    return pending_bytes_at_max_context(
        max_context,
        start_overlapped_block_bytes,
        overlapped_block_tokens,
        overlapped_tokens,
        start_pressed_block_bytes,
        pressed_block_tokens,
        pressed_tokens,
        tokens_in_flight,
    )


def _blocks(tokens: Numbers, size: Numbers) -> Numbers:
    blocks: Numbers = np.ceil(tokens / size)
    return blocks


TERMS = (
    pending_bytes_at_end,
    pending_bytes_in_prompt,
    pending_bytes_at_max_context,
    pending_bytes_at_start,
)
