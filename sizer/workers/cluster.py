"""A Ray cluster; nothing else in sizer imports Ray."""

from __future__ import annotations

import os
import pickle
import socket
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from attrs import frozen

from sizer.diagnostic import problem
from sizer.workers.chunk import Chunk
from sizer.workers.digest import code
from sizer.workers.engine import MOST_TRIES, Result, Task, Work, lost
from sizer.workers.outcome import Outcome, outcome

MISSING = "SZ890"
NO_CLUSTER = "SZ891"
OTHER_CODE = "SZ893"
REACH_S = 5.0
EVERYWHERE = "install the same fleet-sizer on every node"
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is sent to Ray's makers
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # as Ray will have it; it warns otherwise
}


@frozen
class Ray:
    """Does chunks on the processors of a Ray cluster, two for each in flight.

    `address` is its head's, like `10.0.0.1:6379`. Without one it is that of RAY_ADDRESS, else one
    that runs on this machine, else one that is started here and ended afterwards. Where a script
    has connected to Ray before, that connection is used and stays. Chunks of lost nodes are done
    again by others; every node needs the same release of sizer.
    """

    address: str | None = None

    def run(
        self, task: Task[Work, Result], chunks: Iterable[Chunk[Work]]
    ) -> Generator[tuple[Chunk[Work], Result]]:
        """Yield each chunk with its result, as they come.

        Raises Problem: SZ890 without Ray, SZ891 without a cluster, SZ892 a chunk that kills its
        workers, SZ893 a node with another sizer.
        """
        left = iter(chunks)
        with _connected(self.address) as ray:
            held = [ray.put(pickle.dumps(task))]  # in a list, or Ray sends it with each chunk
            do = ray.remote(_do).options(max_retries=MOST_TRIES - 1)
            flying: dict[Any, Chunk[Work]] = {}
            try:
                while True:
                    for chunk in islice(left, max(_room(ray) - len(flying), 0)):
                        flying[do.remote(held, code(), chunk)] = chunk
                    if not flying:
                        return
                    (ready, *_), _ = ray.wait(list(flying))
                    yield flying[ready], _told(ray, ready, flying.pop(ready)).get()
            finally:
                for each in flying:
                    ray.cancel(each, force=True)


def _room(ray: Any) -> int:
    """Return how many chunks are in flight: one at work and one that waits for each processor."""
    return 2 * max(int(ray.cluster_resources().get("CPU", 0)), 1)


def _told(ray: Any, ready: Any, chunk: Chunk[Any]) -> Outcome[Any]:
    try:
        told: Outcome[Any] = pickle.loads(ray.get(ready))  # noqa: S301  # our own workers'
    except ray.exceptions.RayTaskError as error:  # ours end in an outcome, so sizer is not there
        said = f"a node of the cluster cannot run sizer: {error.cause}"
        raise problem(OTHER_CODE, said, hint=EVERYWHERE) from None
    except ray.exceptions.RayError:  # its worker or node is gone, each time
        raise lost(chunk) from None
    return told


@contextmanager
def _connected(address: str | None) -> Iterator[Any]:
    """Connect to Ray unless somebody has. Raises Problem: SZ890, SZ891."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    ray = _ray()
    if ray.is_initialized():
        yield ray
        return
    try:
        _reach(address or os.environ.get("RAY_ADDRESS", ""))
        ray.init(address, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    except (OSError, OverflowError, RuntimeError, ValueError) as error:
        hint = "`ray start --head` begins one; `ray status` shows its address"
        told = f"no Ray cluster answers at {address or 'this machine'}: {error}"
        raise problem(NO_CLUSTER, told, hint=hint) from None
    try:
        yield ray
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Raise OSError where nothing listens at HOST:PORT: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if port.isdigit():
        socket.create_connection((host, int(port)), REACH_S).close()


def _ray() -> Any:
    """Return Ray. Raises Problem (SZ890) where it is not installed."""
    try:
        import ray  # noqa: PLC0415  # large, and optional
    except ImportError:
        hint = "`pip install 'fleet-sizer[ray]'`, or `--jobs` for the processors of this machine"
        raise problem(MISSING, "Ray is not installed", hint=hint) from None
    return ray


def _do(held: list[Any], theirs: str, chunk: Chunk[Any]) -> bytes:
    """Do a chunk on a node."""
    return outcome(partial(_task, held[0], theirs), chunk)


@lru_cache(maxsize=2)
def _task(held: Any, theirs: str) -> Any:
    """Return the task that was put, once for a worker. Raises Problem (SZ893)."""
    if theirs != code():
        raise problem(OTHER_CODE, "a node of the cluster has another sizer", hint=EVERYWHERE)
    return pickle.loads(_ray().get(held))  # noqa: S301  # from who asked
