"""Locks: profiles answered once, and again the same, years later and without a network.

Comes in: questions, and the lock of before. Goes out: a lock, or what drifted since. It never
answers by other facts than those that it holds.
"""

from sizer.lock.drift import drifts
from sizer.lock.file import NAME, find_lock, lock_text, read_lock
from sizer.lock.locked_run import run_locked
from sizer.lock.make import made, profiles_in, without

__all__ = [
    "NAME",
    "drifts",
    "find_lock",
    "lock_text",
    "made",
    "profiles_in",
    "read_lock",
    "run_locked",
    "without",
]
