"""Terms of uncertainty of latencies: at a rate, if the engine sustains less, or more.

An engine that is slower by a factor is the same engine at a rate that is higher by it, with all
times longer. So each end at a rate is a latency at another rate, times the ratio that was measured
beyond it. Unknown where the engine may be overloaded.
"""

from __future__ import annotations

from itertools import chain
from typing import Annotated

import numpy as np

from sizer.estimate.columns.again import Again
from sizer.estimate.columns.interval import OTHER, End, named
from sizer.estimate.columns.quantity import Numbers, Term
from sizer.estimate.engine.intervals import AT_RATE, LATENCIES


def _ends(name: str) -> tuple[Term, Term]:
    return _end(name, "low"), _end(name, "high")


def _end(name: str, end: End) -> Term:
    def term(
        request_rate: Numbers,
        value: Numbers,
        ratio: Numbers,
        elsewhere: Numbers,
        rate_ratio: Numbers,
    ) -> Numbers:
        return np.where(np.isnan(request_rate), value * ratio, elsewhere * rate_ratio)

    ratio, rate_ratio = f"{name}_{end}_ratio", f"{name}{AT_RATE}_{end}_ratio"
    reads = ("request_rate", name, ratio, _elsewhere(name, end), rate_ratio)
    how = "more" if end == "low" else "less"
    about = (
        f"`{name}` times its measured ratio at the {end} end; at a request rate as it is if the "
        f"engine sustains {how}."
    )
    return named(term, f"{name}_{end}", reads, Annotated[Numbers, "ms"], about)


def _elsewhere(name: str, end: End) -> str:
    return f"{name}_at_{end}"


AGAIN = {
    _elsewhere(name, end): Again(name, rate_over=f"max_tokens_per_second_{OTHER[end]}_ratio")
    for name in LATENCIES
    for end in OTHER
}
TERMS = tuple(chain.from_iterable(map(_ends, LATENCIES)))
