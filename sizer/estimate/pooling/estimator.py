"""The analytic estimator of loads that write no token: its terms, with those of passes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Annotated

import numpy as np

from sizer.estimate import analytic
from sizer.estimate.columns.again import Again
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.graph import by_name
from sizer.estimate.columns.interval import OTHER, End, named
from sizer.estimate.columns.quantity import Numbers, Term
from sizer.estimate.pooling import passes, percentiles, power, queue, service, unwritten
from sizer.schema.metrics import PERCENTS

LATENCIES = tuple(f"e2e_p{each}_ms" for each in PERCENTS)


def _end(name: str, end: End) -> Term:
    def term(request_rate: Numbers, value: Numbers, elsewhere: Numbers, ratio: Numbers) -> Numbers:
        return np.where(np.isnan(request_rate), value, elsewhere) * ratio

    reads = ("request_rate", name, f"{name}_at_{end}", f"ttft_ms_{end}_ratio")
    about = f"`{name}` at another capacity, times the measured {end} ratio of first tokens."
    return named(term, f"{name}_{end}", reads, Annotated[Numbers, "ms"], about)


AGAIN: Mapping[str, Again] = {
    "saturated_cycle_seconds": analytic.AGAIN["saturated_cycle_seconds"],
    **{
        f"{name}_at_{end}": Again(name, rate_over=f"max_tokens_per_second_{OTHER[end]}_ratio")
        for name in LATENCIES
        for end in OTHER
    },
}
WINGS = (
    passes.TERMS,
    queue.TERMS,
    percentiles.TERMS,
    service.TERMS,
    power.TERMS,
    unwritten.TERMS,
    tuple(_end(name, end) for name in LATENCIES for end in OTHER),
)
TERMS: Mapping[str, Term] = {**analytic.TERMS, **by_name(chain.from_iterable(WINGS))}
POOLING = Estimator(TERMS, analytic.source, again=AGAIN)
