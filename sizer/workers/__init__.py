"""Long work in chunks, on one core, on those of this machine, or on those of a Ray cluster.

    from sizer.workers import Chunk, Processes, Workers, run

    def heads(chunk: Chunk[int]) -> int:
        return int(chunk.random(seed=1).integers(2, size=chunk.work).sum())

    total = sum(found for _, found in run(heads, [10_000] * 100, Workers(Processes(2))))

The task is pickled and sent to each worker once: a function of a module, or a method of a frozen
class that holds what all chunks need. Only chunks and results travel after that. Results come in
any order, so merge what can be merged in any: counts, the best few, histograms. Then `Serial`,
`Processes` and `Ray` give the same bytes. `Workers` may name a folder that keeps results.

Comes in: a task and its chunks. Goes out: each chunk with its result. It never knows what a task
computes, and never leaves a process behind.
"""

from sizer.workers.chunk import Chunk
from sizer.workers.cluster import Ray
from sizer.workers.digest import digest
from sizer.workers.engine import MOST_TRIES, Engine
from sizer.workers.processes import Processes
from sizer.workers.serial import Serial
from sizer.workers.sweep import ALONE, Workers, run

__all__ = [
    "ALONE",
    "MOST_TRIES",
    "Chunk",
    "Engine",
    "Processes",
    "Ray",
    "Serial",
    "Workers",
    "digest",
    "run",
]
