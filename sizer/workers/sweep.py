"""A long piece of work in chunks: done by whichever engine, or found done."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing

from sizer.workers.chunk import Chunk
from sizer.workers.engine import Engine, Result, Task, Work
from sizer.workers.finished import Finished
from sizer.workers.serial import Serial

SERIAL = Serial()


def run(
    task: Task[Work, Result],
    works: Iterable[Work],
    engine: Engine = SERIAL,
    finished: Finished | None = None,
) -> Generator[tuple[Chunk[Work], Result]]:
    """Yield each chunk of some work with its result, in any order; numbers follow `works`.

    What is `finished` comes first and is not done again; what is done is kept there. Where results
    join in any order, every engine gives the same. Raises what the task raises, and Problem: SZ890
    to SZ895, SZ005.
    """
    chunks: Iterable[Chunk[Work]] = (Chunk(*each) for each in enumerate(works))
    if finished is not None:
        finished.open()
        left: list[Chunk[Work]] = []
        for chunk in chunks:
            found = finished.get(chunk.number)
            if found is None:
                left.append(chunk)
            else:
                yield chunk, found.get()
        chunks = left
    with closing(engine.run(task, chunks)) as done:
        for chunk, result in done:
            if finished is not None:
                finished.put(chunk.number, result)
            yield chunk, result
