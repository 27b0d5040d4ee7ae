"""CSV of every simulated request; an empty cell is what never came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

from sizer.render.kit.csv_text import table
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import number
from sizer.schema.answered.report import Value
from sizer.schema.answered.simulation import Simulation

COLUMNS = (
    "candidate",
    "request",
    "replica",
    "arrival_s",
    "read_s",
    "first_token_s",
    "last_token_s",
    "input_tokens",
    "output_tokens",
    "ttft_ms",
    "tpot_ms",
    "e2e_ms",
    "evictions",
    "resent",
    "outcome",
)
MS = 1e3
MICRO = 6  # digits of a second


def render(simulations: Sequence[Simulation], _: Look) -> str:
    """Return a heading and a row for each request, in order of arrival."""
    return table(COLUMNS, (row for each in simulations for row in _rows(each)))


def _rows(found: Simulation) -> Iterator[tuple[Value, ...]]:
    served = found.served
    columns = (
        served.replica,
        served.arrival_s,
        served.read_s,
        served.first_s,
        served.last_s,
        served.input_tokens,
        served.output_tokens,
        served.evictions,
        served.resent,
        served.lost,
    )
    cells = zip(*(column.tolist() for column in columns), strict=True)
    for request, (replica, arrival, read, first, last, inputs, outputs, *counts) in enumerate(
        cells, 1
    ):
        evictions, resent, lost = counts
        pace = (last - first) / (outputs - 1) if outputs > 1 else float("nan")
        yield (
            found.candidate,
            request,
            replica if replica > 0 else None,
            *map(_seconds, (arrival, read, first, last)),
            inputs,
            outputs,
            *(number(each * MS) for each in (first - arrival, pace, last - arrival)),
            evictions,
            resent,
            _outcome(arrival, last, lost),
        )


def _seconds(value: float) -> Value:
    return None if isnan(value) else round(value, MICRO)


def _outcome(arrival: float, last: float, lost: int) -> str:
    if lost:
        return "lost"
    if isnan(arrival):
        return "not sent"
    return "unfinished" if isnan(last) else "done"
