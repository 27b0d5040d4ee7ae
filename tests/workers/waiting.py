"""Waiting for a state, no longer than it may take."""

from __future__ import annotations

import time
from collections.abc import Callable


def awaited(state: Callable[[], object], within_s: float = 60.0) -> None:
    """Return as soon as a state is reached; fail if it is not in time."""
    end = time.monotonic() + within_s
    while not state():
        assert time.monotonic() < end
        time.sleep(0.05)
