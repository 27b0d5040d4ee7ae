"""What a command's exit code says."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; the last is 128 + SIGPIPE, as of every filter whose reader went away."""

    WELL = 0
    NOTHING_SURVIVES = 1
    BAD_QUESTION = 2
    OWN_FAULT = 3
    READER_GONE = 141
