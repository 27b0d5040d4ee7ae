"""The estimator of candidates whose prompts are read apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizer.estimate import analytic
from sizer.estimate.apart import power, sides
from sizer.estimate.apart.tandem import ALONE, Estimators, Tandem
from sizer.estimate.columns.axes import AXIS_OF
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.graph import by_name, reads
from sizer.estimate.columns.inputs import Inputs
from sizer.estimate.columns.quantity import Term
from sizer.estimate.traffic import ends
from sizer.schema.metrics import registry
from sizer.schema.scenario import Scenario
from sizer.schema.table import Column, Table, Values

PREFILL, DECODE = "_of_prefill", "_of_decode"
WHOLE = (
    "passing_rate",
    "closed_requests",
    "is_closed",
    "burst_seconds_of_wave",
    "transfer_seconds",
    "link_wait_seconds",
    "link_rate",
)
ASKED = ("gpus", "first_wave_share")
TERMS: Mapping[str, Term] = by_name((*sides.TERMS, *power.TERMS))


def _read(ending: str) -> tuple[str, ...]:
    """Return what terms read of one side, by the names that it has there."""
    names = {name for term in TERMS.values() for name in reads(term) if name.endswith(ending)}
    return tuple(sorted(name.removesuffix(ending) for name in names))


OF_PREFILL, OF_DECODE = _read(PREFILL), _read(DECODE)


def apart(estimators: Estimators) -> Estimator:
    """Return the estimator of both sides by those of either one."""

    def columns(inputs: Inputs, _: Values) -> dict[str, Column]:
        return _columns(_tandem(inputs, estimators), inputs)

    again = ends.AGAIN
    given = frozenset(GIVES)
    return Estimator(TERMS, analytic.source, columns, given, again=again, in_flight=_asked)


def _columns(tandem: Tandem, inputs: Inputs) -> dict[str, Column]:
    """Return columns of both sides at the rate of requests that passes through them."""
    rate = tandem.rate(inputs.column("request_rate").values)
    read, decoded = tandem.tables(rate, OF_PREFILL, OF_DECODE)
    wait = tandem.link.wait_s(rate)
    whole = (
        rate,
        tandem.closed,
        tandem.is_closed.astype(np.float64),
        tandem.burst_s(),
        tandem.link.seen_s + wait,
        wait,
        tandem.link.most,
    )
    return {
        **{f"{name}{PREFILL}": column for name, column in read.items()},
        **{f"{name}{DECODE}": column for name, column in decoded.items()},
        **{name: Column(each) for name, each in zip(WHOLE, whole, strict=True)},
    }


def _tandem(inputs: Inputs, estimators: Estimators = ALONE) -> Tandem:
    asked = FIRST.computed(inputs, ASKED, _asked(inputs))
    gpus, wave = (asked[name].values for name in ASKED)
    return Tandem.of(inputs, gpus, wave, estimators)


def _asked(inputs: Inputs) -> Column:
    """Return the requests in flight of a closed loop; a rate's are found with the tandem."""
    return inputs.column("asked_concurrency")


FIRST = Estimator(TERMS, analytic.source)
GIVES = (*WHOLE, *(f"{each}{PREFILL}" for each in OF_PREFILL), *(f"{e}{DECODE}" for e in OF_DECODE))
APART = apart(ALONE)


def estimated(rows: Scenario, wanted: tuple[str, ...]) -> Table:
    """Return columns of rows of which some, at least, read prompts apart."""
    inputs = Inputs.of(rows)
    away: NDArray[np.bool_] = inputs.column("prefill_replicas").values > 0
    if away.all():
        return _apart(inputs, wanted)
    parts = (_apart(Inputs.of(rows.take(np.flatnonzero(away))), wanted),)
    together = analytic.ANALYTIC.settled(Inputs.of(rows.take(np.flatnonzero(~away))), wanted)
    return {name: _merged(away, parts[0][name], together[name]) for name in wanted}


def _apart(inputs: Inputs, wanted: tuple[str, ...]) -> Table:
    """Return columns of both sides; parts of a metric that only one has are those of decode.

    Metrics that nobody says of two sides are unknown.
    """
    known = tuple(name for name in wanted if name in TERMS or name in AXIS_OF)
    found = APART.settled(inputs, known)
    parts = tuple(name for name in wanted if name not in found and name not in registry())
    if parts:
        tandem = _tandem(inputs)
        rate = tandem.rate(inputs.column("request_rate").values)
        found = {**found, **tandem.tables(rate, (), parts)[1]}
    none = Column(np.full(len(inputs.scenario), np.nan))
    return {name: found.get(name, none) for name in wanted}


def _merged(away: NDArray[np.bool_], apart: Column, together: Column) -> Column:
    values: NDArray[Any] = np.empty(len(away), together.values.dtype)
    values[away], values[~away] = apart.values, together.values
    return Column(values, together.vocabulary)
