"""Candidates in blocks: estimate, judge, and keep only those that may still be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from attrs import define, evolve, field, frozen

from sizer.estimate import estimator_of
from sizer.expr.check import Policy
from sizer.pipeline.judging import Judging
from sizer.pipeline.kept import Kept
from sizer.schema.scenario import Scenario
from sizer.workers import ALONE, Chunk, Workers, run

Progress = Callable[[int, int], None]
MOST_CHUNKS = 256  # that a sweep is cut into, so that joining them costs nothing
LOADS = 16  # a chunk has as many rows for each load, of which it may keep one


def sift(
    scenario: Scenario,
    policy: Policy,
    models: Sequence[str],
    limit: int | None,
    progress: Progress,
    workers: Workers = ALONE,
) -> Kept:
    """Judge every candidate; memory is bounded by a block and by what is kept.

    Who does it, and in which chunks, changes nothing. Raises Problem as `sizer.workers.run` does.
    """
    judging = Judging.of(scenario, policy.without_places, models, limit)
    return sifted(judging, chunk_rows(scenario), progress, workers)


def sifted(judging: Judging, rows: int, progress: Progress, workers: Workers = ALONE) -> Kept:
    """Judge every candidate in chunks of so many rows."""
    chunks, total = [*judging.parts(rows)], len(judging.scenario)
    by = evolve(workers, engine=workers.engine if len(chunks) > 1 else ALONE.engine)
    keeping, done = Keeping(judging), 0
    with closing(run(Sifting(judging), chunks, by)) as results:
        for chunk, found in results:
            keeping.join(found)
            done += chunk.work.stop - chunk.work.start
            progress(done, total)
    return keeping.kept


def chunk_rows(scenario: Scenario) -> int:
    """Return how many rows are judged at a time by one worker, whoever the workers are."""
    used = estimator_of(scenario)
    least = used.chunk_blocks * used.block_rows
    return max(least, LOADS * len(scenario.loads), len(scenario) // MOST_CHUNKS)


@frozen(eq=False)
class Sifting:
    """What workers do: each part is judged a block at a time."""

    judging: Judging

    def __call__(self, chunk: Chunk[slice]) -> Kept:
        """Return what is known of a part."""
        keeping = Keeping(self.judging)
        for block in self.judging.parts(keeping.room, chunk.work):
            keeping.join(self.judging.kept(block))
        return keeping.kept


@define(eq=False)
class Keeping:
    """What is known of the parts that were judged so far.

    Parts wait until they are as many as what is kept, or fill a block: so each candidate is looked
    at a few times in all, and at most twice as many are held as are kept.
    """

    judging: Judging
    room: int = field()
    _joined: Kept = field(init=False)
    _waiting: list[Kept] = field(init=False, factory=list)
    _late: int = field(init=False, default=0)

    @room.default
    def _rows_of_a_block(self) -> int:
        return estimator_of(self.judging.scenario).block_rows

    @_joined.default
    def _nothing(self) -> Kept:
        return Kept.nothing(self.judging.groups)

    @property
    def held(self) -> int:
        """How many candidates are held."""
        return len(self._joined) + self._late

    def join(self, other: Kept) -> None:
        """Add what is known of another part."""
        self._waiting.append(other)
        self._late += max(len(other), 1)  # what holds no candidate has counts
        if self._late > max(self.room, len(self._joined)):
            self._join()

    @property
    def kept(self) -> Kept:
        """What is known of all."""
        self._join()
        return self._joined

    def _join(self) -> None:
        self._joined = self._joined.joined(*self._waiting)
        self._waiting, self._late = [], 0
