"""What every engine keeps; Serial has no workers, so nobody can kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import environment
from waiting import awaited
from worker_tasks import (
    DiesAtFirst,
    Histogram,
    OddError,
    fails_unreadably,
    gives_a_function,
    odd_fails,
    square,
)

from sizer.diagnostic import Problem
from sizer.workers import MOST_TRIES, Chunk, Engine, Processes, Ray, Serial, Workers, run

CORES = 2
RAY = pytest.param(Ray(), marks=pytest.mark.slow, id="ray")
PARALLEL = [pytest.param(Processes(CORES), id="processes"), RAY]
EVERY = [pytest.param(Serial(), id="serial"), *PARALLEL]
each_engine = pytest.mark.parametrize("engine", EVERY)
each_parallel = pytest.mark.parametrize("engine", PARALLEL)
SCRIPT = """
from pathlib import Path
from worker_tasks import Sleeps
from sizer.workers import Processes, Ray, Workers, run
if __name__ == "__main__":
    list(run(Sleeps(Path({folder!r})), [600.0] * 4, Workers({engine})))
"""


@pytest.fixture(autouse=True)
def cluster(request: pytest.FixtureRequest) -> None:
    """Have Ray on this machine where it is the engine, and skip where it is not installed."""
    if isinstance(request.getfixturevalue("engine"), Ray):
        request.getfixturevalue("small_cluster")


@each_engine
def test_each_chunk_comes_once_with_its_result(engine: Engine) -> None:
    found = sorted(run(square, range(20), Workers(engine)), key=lambda each: each[0].number)
    assert found == [(Chunk(number, number), number**2) for number in range(20)]


@each_engine
def test_no_work_has_no_results(engine: Engine) -> None:
    assert list(run(square, [], Workers(engine))) == []


@each_engine
def test_merged_counts_are_those_of_serial_work(engine: Engine) -> None:
    def merged(by: Engine) -> list[int]:
        found = (counts for _, counts in run(Histogram(seed=7), [1000] * 12, Workers(by)))
        return list(map(sum, zip(*found, strict=True)))

    assert merged(engine) == merged(Serial())
    assert sum(merged(Serial())) == 12_000


@each_engine
def test_few_chunks_are_in_flight(engine: Engine) -> None:
    taken = 0

    def works() -> Iterator[int]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield number

    ahead = [taken - done for done, _ in enumerate(run(square, works(), Workers(engine)), 1)]
    assert max(ahead) <= 2 * CORES
    assert taken == 40


@each_engine
def test_an_error_of_a_task_is_raised_as_it_is(engine: Engine) -> None:
    with pytest.raises(OddError) as caught:
        list(run(odd_fails, [0, 2, 5, 4], Workers(engine)))
    assert type(caught.value) is OddError
    assert caught.value.number == 5
    shown = "".join(map(str, (caught.value.__cause__, caught.traceback[-1])))
    assert "odd_fails" in shown, "the traceback of the worker is lost"


@each_parallel
def test_an_error_that_cannot_travel_is_told_by_its_name(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match="UnreadableError: 4"):
        list(run(fails_unreadably, [3], Workers(engine)))


@each_parallel
def test_a_result_that_cannot_travel_is_an_error(engine: Engine) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError), match=r"lambda|local object"):
        list(run(gives_a_function, [3], Workers(engine)))


@each_parallel
def test_a_chunk_of_a_killed_worker_is_done_again(engine: Engine, tmp_path: Path) -> None:
    found = run(DiesAtFirst(tmp_path, MOST_TRIES - 1), range(6), Workers(engine))
    assert sorted(result for _, result in found) == list(range(6))


@each_parallel
def test_a_chunk_that_kills_its_workers_ends_the_work(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        list(run(DiesAtFirst(tmp_path, 99), range(2), Workers(engine)))
    (found,) = caught.value.diagnostics
    assert found.code == "SZ892"
    assert found.message == "chunk 1: its worker was killed 3 times"
    assert len((tmp_path / "1").read_text()) == MOST_TRIES


@each_parallel
def test_work_that_nobody_wants_any_more_is_stopped(engine: Engine) -> None:
    found = run(square, range(1000), Workers(engine))
    next(found)
    found.close()


@each_parallel
def test_an_interrupt_leaves_no_process(engine: Engine, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    sleeping = tmp_path / "sleeping"
    sleeping.mkdir()
    script.write_text(SCRIPT.format(folder=str(sleeping), engine=engine))
    paths = [Path(__file__).parent, Path(__file__).parents[2]]
    around = {**environment(), "PYTHONPATH": os.pathsep.join(map(str, paths))}
    started = subprocess.Popen(
        [sys.executable, str(script)], env=around, start_new_session=True, stderr=subprocess.PIPE
    )
    awaited(lambda: len(list(sleeping.iterdir())) >= CORES)
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode != 0
    assert said.decode().count("KeyboardInterrupt") <= 2, "workers are silent"
    awaited(lambda: not any(map(alive, sleeping.iterdir())))


def alive(named: Path) -> bool:
    try:
        os.kill(int(named.name), 0)
    except ProcessLookupError:
        return False
    return True
