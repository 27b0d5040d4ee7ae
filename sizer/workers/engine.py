"""Who does chunks."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any, Protocol, TypeAlias, TypeVar

from sizer.diagnostic import Problem, problem
from sizer.units import counted
from sizer.workers.chunk import Chunk

Work = TypeVar("Work")
Result = TypeVar("Result")
Task: TypeAlias = Callable[[Chunk[Work]], Result]

LOST = "SZ892"
MOST_TRIES = 3  # of a chunk whose workers are killed: the third time it is the chunk that kills


class Engine(Protocol):
    """Does a task for chunks, and yields each with its result, in any order.

    It takes a chunk from `chunks` only when a worker is about to be free. The task is sent to
    each worker once. An error of the task is raised as it is; a chunk whose worker was killed is
    done again, up to MOST_TRIES times in all. No worker outlives the iteration.
    """

    def run(
        self, task: Task[Work, Result], chunks: Iterable[Chunk[Work]]
    ) -> Generator[tuple[Chunk[Work], Result]]:
        """Yield each chunk with its result. Raises Problem (SZ892) for a chunk that kills."""
        ...


def lost(chunk: Chunk[Any]) -> Problem:
    """Return the fault (SZ892) of a chunk whose workers were killed each time."""
    said = f"chunk {chunk.number}: its worker was killed {counted(MOST_TRIES, 'time')}"
    return problem(LOST, said, hint="who runs out of memory is killed: lower `--jobs`")
