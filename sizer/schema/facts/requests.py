"""Requests to replay: when they come, how long they are, and what their prompts share."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

Seconds = NDArray[np.float64]
Tokens = NDArray[np.int64]
Prefixes = tuple[tuple[int, ...], ...]


@frozen(eq=False)
class Requests:
    """Columns with a cell for each request, in order of arrival.

    `prefixes` are hashes of the leading parts of each prompt, of `prefix_tokens` each; none where
    nothing is known of them. `keys` say which requests belong together: a session, or a group with
    one prefix. `cached_share` of a prompt, beyond its prefix, is in the cache already.

    With `users` the loop is closed: so many requests are sent at once, and each further one
    `think_s` after an answer; `arrival_s` does not count then.
    """

    arrival_s: Seconds
    input_tokens: Tokens
    output_tokens: Tokens
    prefixes: Prefixes = ()
    prefix_tokens: int = 0
    keys: Tokens | None = None
    cached_share: float = 0.0
    users: int | None = None
    think_s: Seconds | None = None

    def __len__(self) -> int:
        """Return how many requests there are."""
        return len(self.input_tokens)

    def faster(self, times: float) -> Requests:
        """Return the same requests in so many times less time."""
        found: Requests = evolve(self, arrival_s=self.arrival_s / times)
        return found

    def first(self, count: int) -> Requests:
        """Return the first requests."""
        found: Requests = evolve(
            self,
            arrival_s=self.arrival_s[:count],
            input_tokens=self.input_tokens[:count],
            output_tokens=self.output_tokens[:count],
            prefixes=self.prefixes[:count],
            keys=None if self.keys is None else self.keys[:count],
            think_s=None if self.think_s is None else self.think_s[:count],
        )
        return found
