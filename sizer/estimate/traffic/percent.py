"""Percentiles as terms: one for each percent, all of one formula."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from statistics import NormalDist
from typing import get_type_hints

from attrs import frozen

from sizer.estimate.columns.interval import named
from sizer.estimate.columns.quantity import Numbers, Term
from sizer.schema.metrics import PERCENTS

Formula = Callable[..., Numbers]
HERE = "_here"  # in the name of a column that a formula reads at its own percent


@frozen
class Percent:
    """A share of requests, and the standard normal quantile that it is below."""

    number: int

    @property
    def share(self) -> float:
        """The same between 0 and 1."""
        return self.number / 100.0

    @property
    def score(self) -> float:
        """Standard normal quantile."""
        return NormalDist().inv_cdf(self.share)


def at_percents(formula: Formula, about: str) -> tuple[Term, ...]:
    """Return the terms `<formula>_p<percent>_ms` of a formula of a percent and of columns."""
    return tuple(_at(Percent(each), formula, about) for each in PERCENTS)


def _at(percent: Percent, formula: Formula, about: str) -> Term:
    def term(*columns: Numbers) -> Numbers:
        return formula(percent, *columns)

    _, *parameters = signature(formula).parameters
    reads = [each.replace(HERE, f"_p{percent.number}") for each in parameters]
    unit = get_type_hints(formula, include_extras=True)["return"]
    name = f"{formula.__name__}_p{percent.number}_ms"
    return named(term, name, reads, unit, about.format(percent=percent.number))
