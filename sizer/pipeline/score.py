"""How far estimates are from measurements: by metric, over all rows and over groups of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.pipeline.points import Estimate

Logs = NDArray[np.float64]


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


def scores(
    estimates: Sequence[Estimate],
    measured: Mapping[str, Sequence[float | None]],
    groups: Sequence[str] | None = None,
) -> list[Score]:
    """Return the score of each metric over all rows; with groups also over them, and in each.

    The line over groups is the median of their own figures, so that a large group counts once.
    """
    found: list[Score] = []
    for metric in measured:
        misses = misses_of(metric, estimates, measured[metric])
        if not misses:
            continue
        found.append(_score(metric, "all", misses))
        if groups is not None:
            found += _grouped(metric, misses, groups)
    return found


def misses_of(
    metric: str, estimates: Sequence[Estimate], measured: Sequence[float | None]
) -> list[Miss]:
    """Return every row that has both figures, in order."""
    found = []
    for row, (estimate, truth) in enumerate(zip(estimates, measured, strict=True), start=1):
        said = estimate.metrics.get(metric)
        if truth is not None and isinstance(said, float) and said > 0:
            within = _within(metric, estimate, truth)
            found.append(Miss(metric, row, truth, said, said / truth - 1.0, within))
    return found


def _within(metric: str, estimate: Estimate, truth: float) -> bool | None:
    low, high = (estimate.metrics.get(f"{metric}_{end}") for end in ("low", "high"))
    if not isinstance(low, float) or not isinstance(high, float):
        return None
    return low <= truth <= high


def worst(
    estimates: Sequence[Estimate], measured: Mapping[str, Sequence[float | None]], count: int
) -> list[Miss]:
    """Return so many rows of each metric, those farthest off by ratio first."""
    found: list[Miss] = []
    for metric in measured:
        misses = misses_of(metric, estimates, measured[metric])
        misses.sort(key=lambda miss: -abs(float(np.log(miss.estimated / miss.measured))))
        found += misses[:count]
    return found


def _grouped(metric: str, misses: list[Miss], groups: Sequence[str]) -> list[Score]:
    members: dict[str, list[Miss]] = {}
    for miss in misses:
        members.setdefault(groups[miss.row - 1], []).append(miss)
    each = [_score(metric, name or "blank", members[name]) for name in sorted(members)]
    over = Score(
        metric,
        "median of groups",
        len(each),
        float(np.median([one.median_error for one in each])),
        float(np.median([one.p90_error for one in each])),
        float(np.median([one.bias for one in each])),
        float(np.median([one.within_2x for one in each])),
        _share([one.within_interval for one in each]),
    )
    return [over, *each]


def _score(metric: str, rows: str, misses: list[Miss]) -> Score:
    errors = np.array([abs(miss.error) for miss in misses])
    ratios = np.array([miss.estimated / miss.measured for miss in misses])
    return Score(
        metric,
        rows,
        len(misses),
        float(np.median(errors)),
        float(np.quantile(errors, 0.9)),
        float(np.median(ratios)) - 1.0,
        float(np.mean((ratios > 0.5) & (ratios < 2.0))),
        _share([miss.within for miss in misses]),
    )


def _share(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
