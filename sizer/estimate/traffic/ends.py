"""Terms of uncertainty near saturation: latencies if the engine sustains less, or more.

An engine that is slower by a factor is the same engine at a rate that is higher by it, with all
times longer. So each end is a latency at another rate, times the measured ratio of such latencies.
Unknown where the engine may be overloaded.
"""

from __future__ import annotations

from itertools import chain
from typing import Annotated

import numpy as np

from sizer.estimate.columns.again import Again
from sizer.estimate.columns.interval import OTHER, End, named
from sizer.estimate.columns.quantity import Numbers, Term
from sizer.schema.metrics import PERCENTILES

RATIO = {"ttft": "ttft_ms", "tpot": "itl_ms", "itl": "itl_ms", "e2e": "itl_ms"}
LATENCIES = ("ttft_ms", "itl_ms", *(metric.name for metric in PERCENTILES))


def _ends(name: str) -> tuple[Term, Term]:
    return _end(name, "low"), _end(name, "high")


def _end(name: str, end: End) -> Term:
    def term(request_rate: Numbers, value: Numbers, elsewhere: Numbers, ratio: Numbers) -> Numbers:
        return np.where(np.isnan(request_rate), value, elsewhere) * ratio

    ratio = f"{RATIO[name.partition('_')[0]]}_{end}_ratio"
    reads = ("request_rate", name, _elsewhere(name, end), ratio)
    how = "more" if end == "low" else "less"
    about = f"`{name}` if the engine sustains {how}, times its measured ratio at the {end} end."
    return named(term, f"{name}_{end}", reads, Annotated[Numbers, "ms"], about)


def _elsewhere(name: str, end: End) -> str:
    return f"{name}_at_{end}"


AGAIN = {
    _elsewhere(name, end): Again(name, rate_over=f"max_tokens_per_second_{OTHER[end]}_ratio")
    for name in LATENCIES
    for end in OTHER
}
TERMS = tuple(chain.from_iterable(map(_ends, LATENCIES)))
