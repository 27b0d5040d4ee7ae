"""How far estimates are from measurements: by metric, over all rows and over groups of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.schema.metrics import registry

Numbers = NDArray[np.float64]
Columns = Mapping[str, Numbers]


@frozen
class Score:
    """Errors of one metric; shares of the measurement, so 0.1 is ten per cent.

    `bias` is the median of estimated / measured, less 1; `within_interval` the share of
    measurements between the estimate's low and high, None where a metric has none.
    """

    metric: str
    rows: str
    points: int
    median_error: float
    p90_error: float
    bias: float
    within_2x: float
    within_interval: float | None = None


@frozen
class Miss:
    """One row: its number (the first is 1), what was measured and what estimated."""

    metric: str
    row: int
    measured: float
    estimated: float
    error: float
    within: bool | None = None


@frozen(eq=False)
class Misses:
    """Rows of one metric that have both figures, all of shape (rows,).

    `rows` are their numbers; `within` is 1 between low and high, 0 beside, NaN without both.
    """

    rows: NDArray[np.int64]
    measured: Numbers
    estimated: Numbers
    within: Numbers

    @property
    def ratios(self) -> Numbers:
        """Return estimated / measured."""
        return self.estimated / self.measured

    def take(self, which: NDArray[np.bool_]) -> Misses:
        """Return some of them."""
        return Misses(
            self.rows[which], self.measured[which], self.estimated[which], self.within[which]
        )

    def at(self, metric: str, index: int) -> Miss:
        """Return one of them as plain values."""
        truth, said = float(self.measured[index]), float(self.estimated[index])
        within = float(self.within[index])
        told = None if np.isnan(within) else bool(within)
        return Miss(metric, int(self.rows[index]), truth, said, said / truth - 1.0, told)


def names_of(measured: Sequence[str]) -> tuple[str, ...]:
    """Return the metrics that scoring some of them reads: themselves and their intervals."""
    known = registry()
    wanted = (f"{metric}{end}" for metric in measured for end in ("", "_low", "_high"))
    return tuple(name for name in wanted if name in known)


def scores(
    estimates: Columns, measured: Columns, groups: Sequence[str] | None = None
) -> list[Score]:
    """Return the score of each measured metric over all rows; with groups also over them, each.

    All columns have the shape (rows,), NaN where a figure is missing. The line over groups is
    the median of their own figures, so that a large group counts once.
    """
    found: list[Score] = []
    for metric in measured:
        misses = misses_of(metric, estimates, measured[metric])
        if not len(misses.rows):
            continue
        found.append(_score(metric, "all", misses))
        if groups is not None:
            found += _grouped(metric, misses, groups)
    return found


def misses_of(metric: str, estimates: Columns, truth: Numbers) -> Misses:
    """Return every row that has both figures, in order."""
    unknown = np.full(len(truth), np.nan)
    said, low, high = (estimates.get(f"{metric}{end}", unknown) for end in ("", "_low", "_high"))
    within = np.where((low <= truth) & (truth <= high), 1.0, 0.0)
    within[np.isnan(low) | np.isnan(high)] = np.nan
    every = Misses(np.arange(1, len(truth) + 1), truth, said, within)
    return every.take((truth > 0) & (said > 0))


def worst(estimates: Columns, measured: Columns, count: int) -> list[Miss]:
    """Return so many rows of each metric, those farthest off by ratio first."""
    found: list[Miss] = []
    for metric in measured:
        misses = misses_of(metric, estimates, measured[metric])
        farthest = np.argsort(-np.abs(np.log(misses.ratios)), kind="stable")[:count]
        found += [misses.at(metric, int(index)) for index in farthest]
    return found


def _grouped(metric: str, misses: Misses, groups: Sequence[str]) -> list[Score]:
    names, members = np.unique([groups[row - 1] for row in misses.rows], return_inverse=True)
    each = [
        _score(metric, str(name) or "blank", misses.take(members == number))
        for number, name in enumerate(names)
    ]
    shares = [one.within_interval for one in each if one.within_interval is not None]
    over = Score(
        metric,
        "median of groups",
        len(each),
        float(np.median([one.median_error for one in each])),
        float(np.median([one.p90_error for one in each])),
        float(np.median([one.bias for one in each])),
        float(np.median([one.within_2x for one in each])),
        float(np.mean(shares)) if shares else None,
    )
    return [over, *each]


def _score(metric: str, rows: str, misses: Misses) -> Score:
    ratios = misses.ratios
    errors = np.abs(ratios - 1.0)
    known = misses.within[~np.isnan(misses.within)]
    return Score(
        metric,
        rows,
        len(ratios),
        float(np.median(errors)),
        float(np.quantile(errors, 0.9)),
        float(np.median(ratios)) - 1.0,
        float(np.mean((ratios > 0.5) & (ratios < 2.0))),
        float(np.mean(known)) if len(known) else None,
    )
