"""A long piece of work in chunks: done by whichever engine, or found done."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from pathlib import Path

from attrs import evolve, frozen

from sizer.workers.chunk import Chunk
from sizer.workers.digest import digest
from sizer.workers.engine import Engine, Result, Task, Work
from sizer.workers.finished import Finished
from sizer.workers.serial import Serial

SERIAL = Serial()


@frozen
class Workers:
    """Who does chunks, and the folder where the results of those that are done are kept."""

    engine: Engine = SERIAL
    resume: Path | None = None

    def within(self, name: str) -> Workers:
        """Return the same for one of several sweeps, with a folder of its own."""
        return self if self.resume is None else evolve(self, resume=self.resume / name)


ALONE = Workers()


def run(
    task: Task[Work, Result], works: Iterable[Work], workers: Workers = ALONE
) -> Generator[tuple[Chunk[Work], Result]]:
    """Yield each chunk of some work with its result, in any order; numbers follow `works`.

    With a folder to resume from, what was done comes first and is not done again. The folder is
    refused where the task, the work or sizer itself is another one; a task from elsewhere is told
    by its name and what it holds. Raises what the task raises, and Problem: SZ890 to SZ895, SZ005.
    """
    if workers.resume is None:
        yield from workers.engine.run(task, (Chunk(*each) for each in enumerate(works)))
        return
    chunks = [Chunk(*each) for each in enumerate(works)]
    finished = Finished(workers.resume, digest((task, [each.work for each in chunks])))
    finished.open()
    left = []
    for chunk in chunks:
        found = finished.get(chunk.number)
        if found is None:
            left.append(chunk)
        else:
            yield chunk, found.get()
    with closing(workers.engine.run(task, left)) as done:
        for chunk, result in done:
            finished.put(chunk.number, result)
            yield chunk, result
