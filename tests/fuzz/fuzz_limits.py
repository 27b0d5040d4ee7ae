"""Limits on one input: the processor's time by a timer, the memory by the system."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

MIB = 2**20
MEMORY_MIB = 500  # that all inputs of a process may take above what it has when they start


class TooSlow(Exception):  # noqa: N818  # it names what happened
    """An input took longer than it may."""


@contextmanager
def within(limit_s: float) -> Iterator[None]:
    """Raise TooSlow inside the block once it has had so much of the processor.

    Only in the main thread. Other programs on the machine do not count.
    """

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"more than {limit_s:g} s")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def limit_memory() -> None:
    """Let this process take MEMORY_MIB more than now; beyond that Python raises MemoryError."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY_MIB * MIB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
