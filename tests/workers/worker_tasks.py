"""Tasks that workers import by the name of this module."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen
from waiting import awaited

from sizer.workers import Chunk


@frozen
class Histogram:
    """Draws as many numbers below ten as a chunk says, and counts each."""

    seed: int

    def __call__(self, chunk: Chunk[int]) -> list[int]:
        drawn = chunk.random(self.seed).integers(10, size=chunk.work).tolist()
        return [drawn.count(digit) for digit in range(10)]


def square(chunk: Chunk[int]) -> int:
    return chunk.work**2


class OddError(ValueError):
    """An error with more than a message."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def odd_fails(chunk: Chunk[int]) -> int:
    if chunk.work % 2:
        raise OddError(chunk.work)
    return chunk.work


class UnreadableError(ValueError):
    """An error that pickle writes and cannot read: it is made of two, and keeps one."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(one + two)


def fails_unreadably(chunk: Chunk[int]) -> int:
    raise UnreadableError(chunk.work, 1)


def gives_a_function(chunk: Chunk[int]) -> object:
    return lambda: chunk


@frozen
class Power:
    """Raises the work of a chunk to a power."""

    exponent: int

    def __call__(self, chunk: Chunk[int]) -> int:
        return int(chunk.work**self.exponent)


@frozen
class DiesAtFirst:
    """Kills its own process the first `times` that a chunk with an odd number is done."""

    folder: Path
    times: int

    def __call__(self, chunk: Chunk[int]) -> int:
        tried = self.folder / str(chunk.number)
        with tried.open("a") as file:
            file.write(".")
        if chunk.number % 2 and tried.stat().st_size <= self.times:
            os.kill(os.getpid(), signal.SIGKILL)
        return chunk.work


@frozen
class Sleeps:
    """Says which process it is, and sleeps."""

    folder: Path

    def __call__(self, chunk: Chunk[float]) -> None:
        (self.folder / str(os.getpid())).touch()
        time.sleep(chunk.work)


@frozen
class PausesOnANode:
    """Does a task, and says which node of a Ray cluster began which chunk.

    From number `half` on, a node that is doomed never ends a chunk, and others wait until it has
    begun one.
    """

    task: Callable[[Chunk[Any]], Any]
    folder: Path
    doomed: str
    half: int

    def __call__(self, chunk: Chunk[Any]) -> Any:
        import ray  # noqa: PLC0415  # only a node has it for certain

        doomed = ray.get_runtime_context().get_node_id() == self.doomed
        (self.folder / f"{chunk.number}.{'doomed' if doomed else 'other'}").touch()
        if doomed and chunk.number >= self.half:
            (self.folder / f"{chunk.number}.paused").touch()
            signal.pause()
        if chunk.number >= self.half:
            awaited(lambda: any(self.folder.glob("*.paused")), within_s=120.0)
        return self.task(chunk)


@frozen
class Counted:
    """Counts how often each chunk is done, and stops at odd work while a file `stop` is there."""

    folder: Path

    def __call__(self, chunk: Chunk[int]) -> int:
        if chunk.work % 2 and (self.folder / "stop").exists():
            raise OddError(chunk.work)
        with (self.folder / str(chunk.number)).open("a") as file:
            file.write(".")
        return chunk.work

    def counts(self) -> dict[str, int]:
        return {each.name: each.stat().st_size for each in sorted(self.folder.glob("[0-9]*"))}
