"""Processes of this machine, a pipe to each."""

from __future__ import annotations

import pickle
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic

from attrs import define, field, frozen

from sizer.workers.chunk import Chunk
from sizer.workers.engine import MOST_TRIES, Result, Task, Work, lost
from sizer.workers.outcome import Outcome, outcome

PATIENCE_S = 5.0  # for a worker that was asked to end


@frozen
class Processes:
    """Does chunks in so many processes, each with one chunk at a time.

    They are spawned: each imports what the task needs by itself, so a script that calls this
    guards its start by `if __name__ == "__main__":`. A pipe to each, unlike a shared queue, tells
    which chunk a killed one had.
    """

    jobs: int

    def run(
        self, task: Task[Work, Result], chunks: Iterable[Chunk[Work]]
    ) -> Generator[tuple[Chunk[Work], Result]]:
        """Yield each chunk with its result, as they come. Raises Problem (SZ892)."""
        crew = _Crew[Any, Any](pickle.dumps(task), self.jobs, iter(chunks))
        try:
            yield from crew.results()
        finally:
            crew.end()


@define(eq=False)
class _Worker:
    """A process with our end of its pipe, and the chunk that it has."""

    process: BaseProcess
    pipe: Connection
    chunk: Chunk[Any]


@define(eq=False)
class _Crew(Generic[Work, Result]):
    """Workers, the chunks that nobody has yet, and how often each lost chunk was tried."""

    task: bytes
    jobs: int
    left: Iterator[Chunk[Work]]
    workers: list[_Worker] = field(factory=list)
    again: deque[Chunk[Work]] = field(factory=deque)
    tries: dict[int, int] = field(factory=dict)

    def results(self) -> Generator[tuple[Chunk[Work], Result]]:
        """Yield each chunk with its result."""
        self._fill()
        while self.workers:
            ready = wait([each.pipe for each in self.workers])
            for worker in [each for each in self.workers if each.pipe in ready]:
                yield from self._taken(worker)
            self._fill()

    def _fill(self) -> None:
        """Start workers until there are enough, or no chunk is left."""
        while len(self.workers) < self.jobs:
            chunk = self._next()
            if chunk is None:
                return
            self.workers.append(_started(self.task, chunk))

    def _next(self) -> Chunk[Work] | None:
        return self.again.popleft() if self.again else next(self.left, None)

    def _taken(self, worker: _Worker) -> Iterator[tuple[Chunk[Work], Result]]:
        """Yield what a worker has done, after it got its next chunk."""
        done = worker.chunk
        try:
            told: Outcome[Result] = pickle.loads(worker.pipe.recv_bytes())  # noqa: S301  # our own worker's
        except (EOFError, OSError):  # it was killed
            self._lose(worker)
            return
        self.tries.pop(done.number, None)
        if told.error is None:
            self._give(worker)
        yield done, told.get()

    def _give(self, worker: _Worker) -> None:
        chunk = self._next()
        if chunk is None:
            self.workers.remove(worker)
            _end(worker)
            return
        worker.chunk = chunk
        with suppress(OSError):  # it was killed meanwhile, as reading from it will tell
            worker.pipe.send_bytes(pickle.dumps(chunk))

    def _lose(self, worker: _Worker) -> None:
        """Have a lost chunk done by another worker. Raises Problem (SZ892) the third time."""
        self.workers.remove(worker)
        _end(worker)
        chunk = worker.chunk
        self.tries[chunk.number] = self.tries.get(chunk.number, 0) + 1
        if self.tries[chunk.number] >= MOST_TRIES:
            raise lost(chunk)
        self.again.append(chunk)

    def end(self) -> None:
        """End all workers, whatever they are doing."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            _end(worker)
        self.workers.clear()


def _started(task: bytes, chunk: Chunk[Any]) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    with _uninterrupted():
        process.start()
    theirs.close()
    with suppress(OSError):  # it was killed at once, as reading from it will tell
        ours.send_bytes(task)
        ours.send_bytes(pickle.dumps(chunk))
    return _Worker(process, ours, chunk)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back; what is started meanwhile never gets it, as its parent ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.join(PATIENCE_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()


def _work(pipe: Connection) -> None:
    """Do chunks until the parent closes its end of the pipe, or is gone."""
    with suppress(EOFError, OSError):
        sent = pipe.recv_bytes()
        task = cache(lambda: pickle.loads(sent))  # noqa: S301  # from the parent
        while True:
            chunk = pickle.loads(pipe.recv_bytes())  # noqa: S301  # as above
            pipe.send_bytes(outcome(task, chunk))
