"""A prompt on its way into the cache."""

from __future__ import annotations

import math

from attrs import define


@define(eq=False)
class Prompt:
    """A prompt that waits or is being read: `read` of its tokens are in the cache.

    `found` of them were there before. `token_s` is when its last token came, if it was taken out.
    """

    request: int
    length: int
    left: int
    read: int = 0
    token_s: float = math.nan
    found: int = 0
    passes: int = 0
