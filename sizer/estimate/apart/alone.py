"""Who estimates either side: one reads prompts in passes, the other decodes and reads none.

The calibration's steps are those of replicas that do both. Three constants say what differs where
each does one alone: `tests/accuracy/score_disagg.py DISAGG.csv --fit` finds them, and scores them
on groups that are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_type_hints

import numpy as np
from attrs import frozen

from sizer.estimate import analytic
from sizer.estimate.apart import transfer
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.graph import by_name, reads
from sizer.estimate.columns.interval import named
from sizer.estimate.columns.quantity import Milliseconds, Numbers, Term
from sizer.estimate.pooling import estimator as pooling
from sizer.estimate.traffic.percent import Percent, at_percents


@frozen
class Alone:
    """What takes how much longer or shorter than in replicas that do both.

    `groups` is of a prompt where several attention groups read theirs in one pass, and wait for the
    longest. `arithmetic` and `engine` (launches, scheduling) are of a step that reads no prompt.
    """

    groups: float = 1.4
    arithmetic: float = 0.3
    engine: float = 0.85


def ttft_ms(e2e_ms: Milliseconds) -> Milliseconds:
    """From a request's arrival until its prompt is read."""
    return e2e_ms


def ttft(_: Percent, e2e_here_ms: Milliseconds) -> Milliseconds:
    """The same at a percent of requests."""
    return e2e_here_ms


READ = (ttft_ms, *at_percents(ttft, "Prompt that is read within this by {percent} % of requests."))


def sides(alone: Alone) -> tuple[Estimator, Estimator]:
    """Return the estimator of replicas that read prompts, and that of those that decode."""
    sent = by_name(transfer.TERMS)
    prompt = _among_groups(pooling.TERMS["prompt_seconds"], alone.groups)
    reading = {**pooling.TERMS, **by_name((*READ, prompt))}
    decoding = _slower(
        analytic.TERMS,
        {
            "product_seconds": alone.arithmetic,
            "attention_product_seconds": alone.arithmetic,
            "engine_seconds": alone.engine,
        },
    )
    return (
        Estimator({**reading, **sent}, analytic.source, again=pooling.AGAIN),
        Estimator({**decoding, **sent}, analytic.source, again=analytic.AGAIN),
    )


def _slower(terms: Mapping[str, Term], factors: Mapping[str, float]) -> dict[str, Term]:
    return {**terms, **{name: _times(terms[name], each) for name, each in factors.items()}}


def _times(term: Term, factor: float) -> Term:
    """Return a term that takes so many times as long."""

    def scaled(*columns: Numbers) -> Numbers:
        found: Numbers = term(*columns) * factor
        return found

    return _like(term, scaled, reads(term))


def _among_groups(term: Term, factor: float) -> Term:
    """Return a term that takes so many times as long where attention groups read together."""

    def scaled(dp: Numbers, *columns: Numbers) -> Numbers:
        found: Numbers = term(*columns) * np.where(dp > 1, factor, 1.0)
        return found

    return _like(term, scaled, ("dp", *reads(term)))


def _like(term: Term, made: Term, columns: Sequence[str]) -> Term:
    unit = get_type_hints(term, include_extras=True)["return"]
    return named(made, term.__name__, columns, unit, str(term.__doc__))


READING, DECODING = sides(Alone())
