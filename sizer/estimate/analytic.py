"""The analytic estimator: terms over columns, in chunks that stay in a processor's cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np

from sizer.catalog.calibration import calibration
from sizer.estimate import decode, memory, prefill, queueing, service, shown
from sizer.estimate.graph import by_name, plan, reads
from sizer.estimate.inputs import Inputs
from sizer.estimate.quantity import Term
from sizer.schema.metrics import registry
from sizer.schema.scenario import Scenario
from sizer.schema.table import Column, Table, Values

CHUNK = 16_384
TERMS: Mapping[str, Term] = by_name(
    (
        *memory.TERMS,
        *decode.TERMS,
        *shown.TERMS,
        *prefill.TERMS,
        *queueing.TERMS,
        *service.TERMS,
    )
)


def estimate(scenario: Scenario, names: Iterable[str]) -> Table:
    """Return the named metrics of every candidate.

    Raises LookupError when a name is not a metric of this estimator.
    """
    wanted = tuple(dict.fromkeys(names))
    chunks = list(estimate_chunks(scenario, wanted))
    if not chunks:
        chunks = [_chunk(Inputs(scenario, calibration()), slice(0, 0), wanted)]
    return {name: _joined([chunk[name] for chunk in chunks]) for name in wanted}


def estimate_chunks(
    scenario: Scenario, names: tuple[str, ...], size: int = CHUNK
) -> Iterator[Table]:
    """Yield the named metrics of `size` candidates at a time, in order: memory stays bounded."""
    inputs = Inputs(scenario, calibration())
    for start in range(0, len(scenario), size):
        yield _chunk(inputs, slice(start, start + size), names)


def _chunk(inputs: Inputs, rows: slice, wanted: tuple[str, ...]) -> Table:
    table: dict[str, Column] = {}
    if any(load.concurrency is None for load in inputs.scenario.loads):
        table["concurrency"] = _settled(inputs, rows)
    return _computed(inputs, rows, wanted, table)


def _computed(
    inputs: Inputs, rows: slice, wanted: tuple[str, ...], table: dict[str, Column]
) -> Table:
    for term in _plan(inputs.names, wanted):
        for name in reads(term):
            if name not in table:
                table[name] = inputs.column(name, rows)
        values = term(*(table[name].values for name in reads(term)))
        table[term.__name__] = Column(values, _vocabulary(term.__name__))
    for name in wanted:
        if name not in table:
            table[name] = inputs.column(name, rows)
    return {name: table[name] for name in wanted}


@cache
def _plan(given: frozenset[str], wanted: tuple[str, ...]) -> list[Term]:
    return plan(TERMS, given, wanted)


def _settled(inputs: Inputs, rows: slice) -> Column:
    """Find the fewest requests in flight whose throughput carries the request rate.

    Little's law by bisection over whole requests of an attention group; unknown where even the
    engine's largest batch falls behind.
    """
    asked = inputs.column("concurrency", rows).values
    rate = inputs.column("request_rate", rows).values
    ranks = inputs.column("replicas", rows).values * inputs.column("dp", rows).values
    few = np.zeros(len(asked))
    many = inputs.column("max_num_seqs", rows).values.copy()
    carried = _carries(inputs, rows, many * ranks, rate)
    while np.any(many - few > 1):
        middle = np.ceil((few + many) / 2)
        enough = _carries(inputs, rows, middle * ranks, rate)
        few, many = np.where(enough, few, middle), np.where(enough, middle, many)
    settled = np.where(carried, many * ranks, np.nan)
    return Column(np.where(np.isnan(asked), settled, asked))


def _carries(inputs: Inputs, rows: slice, concurrency: Values, rate: Values) -> Values:
    given = {"concurrency": Column(concurrency)}
    e2e = _computed(inputs, rows, ("e2e_ms",), given)["e2e_ms"].values
    return concurrency / e2e * 1e3 >= rate


def _vocabulary(name: str) -> tuple[str, ...] | None:
    metric = registry().get(name)
    return metric.members if metric is not None and metric.kind == "text" else None


def _joined(columns: list[Column]) -> Column:
    if len(columns) == 1:
        return columns[0]
    return Column(np.concatenate([each.values for each in columns]), columns[0].vocabulary)
