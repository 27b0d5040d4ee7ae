"""One chunk after the other, in this process."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from attrs import frozen

from sizer.workers.chunk import Chunk
from sizer.workers.engine import Result, Task, Work


@frozen
class Serial:
    """Does chunks where it is called: nothing is started, sent or lost."""

    def run(
        self, task: Task[Work, Result], chunks: Iterable[Chunk[Work]]
    ) -> Generator[tuple[Chunk[Work], Result]]:
        """Yield each chunk with its result, in order."""
        for chunk in chunks:
            yield chunk, task(chunk)
