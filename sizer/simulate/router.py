"""Which engine a request is sent to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import TypeAlias

from sizer.simulate.engine import Engine
from sizer.simulate.record import Record

Pick: TypeAlias = Callable[[Sequence[Engine], int], Engine]


def router(name: str, record: Record) -> Pick:
    """Return what picks one of the engines that are left for a request.

    Raises KeyError for a name that is none of ROUTERS.
    """
    return ROUTERS[name](record)


def _in_turn(_: Record) -> Pick:
    turns = count()
    return lambda engines, _: engines[next(turns) % len(engines)]


def _least_loaded(_: Record) -> Pick:
    return lambda engines, _: min(engines, key=lambda each: each.outstanding)


def _affine(record: Record) -> Pick:
    """Send what belongs together to one engine, else to the one that holds most of a prefix."""
    keys = record.requests.keys
    if keys is not None:
        known = keys.tolist()
        return lambda engines, request: engines[known[request] % len(engines)]
    if not record.prefixes:
        return _in_turn(record)

    def longest(engines: Sequence[Engine], request: int) -> Engine:
        parts = record.prefixes[request]
        return max(engines, key=lambda each: (each.cache.found(parts), -each.outstanding))

    return longest


ROUTERS: Mapping[str, Callable[[Record], Pick]] = {
    "round_robin": _in_turn,
    "least_loaded": _least_loaded,
    "affine": _affine,
}
