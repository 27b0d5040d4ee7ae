"""Calls that end in time: each runs in a thread of its own, which is left behind if it does not.

A timeout of the network's library starts anew with every byte; this one holds for the whole call.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TypeVar

from attrs import define, field

T = TypeVar("T")


@define
class TimedCalls:
    """Calls of several threads; `stop` ends the waiting of all of them at once."""

    _waiting: set[Future[object]] = field(factory=set, init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)
    _stopped: Event = field(factory=Event, init=False, repr=False)

    def result(self, call: Callable[[], T], within_s: float) -> T:
        """Return what a call returns, or raise what it raises.

        Raises TimeoutError after `within_s` seconds and CancelledError once stopped.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._stopped.is_set():
                raise CancelledError
            self._waiting.add(future)  # type: ignore[arg-type]  # only cancelled here
        Thread(target=_settle, args=(future, call), daemon=True).start()
        try:
            return future.result(within_s)
        finally:
            with self._lock:
                self._waiting.discard(future)

    def pause(self, length_s: float) -> None:
        """Wait. Raises CancelledError once stopped."""
        if self._stopped.wait(length_s):
            raise CancelledError

    def stop(self) -> None:
        """End all waiting, now and later."""
        with self._lock:
            self._stopped.set()
            for future in self._waiting:
                future.cancel()


def _settle(future: Future[T], call: Callable[[], T]) -> None:
    """Run a call and give its end to whoever still waits for it."""
    with suppress(InvalidStateError):  # nobody waits any more
        try:
            future.set_result(call())
        except BaseException as end:  # noqa: BLE001  # the waiting thread raises it
            future.set_exception(end)
