"""Long work in chunks, on one core, on those of this machine, or on those of a Ray cluster.

    from sizer.workers import Chunk, Processes, run

    def heads(chunk: Chunk[int]) -> int:
        return int(chunk.random(seed=1).integers(2, size=chunk.work).sum())

    total = sum(found for _, found in run(heads, [10_000] * 100, Processes(2)))

The task is pickled and sent to each worker once: a function of a module, or a method of a frozen
class that holds what all chunks need. Only chunks and results travel after that. Results come in
any order, so merge what can be merged in any: counts, the best few, histograms. Then `Serial`,
`Processes` and `Ray` give the same bytes. `Finished` keeps results in a folder.

Comes in: a task and its chunks. Goes out: each chunk with its result. It never knows what a task
computes, and never leaves a process behind.
"""

from sizer.workers.chunk import Chunk
from sizer.workers.cluster import Ray
from sizer.workers.digest import digest
from sizer.workers.engine import MOST_TRIES, Engine
from sizer.workers.finished import Finished
from sizer.workers.processes import Processes
from sizer.workers.serial import Serial
from sizer.workers.sweep import SERIAL, run

__all__ = [
    "MOST_TRIES",
    "SERIAL",
    "Chunk",
    "Engine",
    "Finished",
    "Processes",
    "Ray",
    "Serial",
    "digest",
    "run",
]
