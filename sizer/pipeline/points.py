"""Metrics of every row of a table of points, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from sizer.estimate import ANALYTIC, estimate
from sizer.load.points import Row
from sizer.resolve.points import Placed, Places, placed, scenario_of_points
from sizer.schema.answered.estimates import NOT_THERE, Estimates
from sizer.schema.asked.tasks import reads_only
from sizer.schema.metrics import METRICS
from sizer.schema.table import Table, joined

NAMES = tuple(metric.name for metric in METRICS)


def estimate_points(
    rows: Sequence[Row],
    places: Places | None = None,
    estimator: str = ANALYTIC,
    names: Sequence[str] = NAMES,
) -> Estimates:
    """Return the named metrics of each row, in its place.

    `places` are the catalog's unless given; blocks of one table share them.
    """
    points = placed((row.point for row in rows), places)
    there = [each for each in points if isinstance(each, Placed)]
    row_of = np.full(len(points), NOT_THERE, np.int64)
    row_of[[isinstance(each, Placed) for each in points]] = np.arange(len(there))
    problems = (
        each if isinstance(each, str) else "; ".join(row.faults) or None
        for row, each in zip(rows, points, strict=True)
    )
    return Estimates(_table(there, estimator, names), row_of, tuple(problems))


def _table(points: Sequence[Placed], estimator: str, names: Sequence[str]) -> Table:
    """Return the named metrics of points; those that read only are estimated by themselves."""
    reading = np.array([reads_only(each.deployment.model.task) for each in points], np.bool_)
    parts = [np.flatnonzero(~reading), np.flatnonzero(reading)]
    kinds = [part for part in parts if len(part)] or parts[:1]
    scenarios = (scenario_of_points([points[each] for each in part.tolist()]) for part in kinds)
    found = [estimate(evolve(each, estimator=estimator), names) for each in scenarios]
    if len(found) == 1:
        return found[0]
    back = np.argsort(np.concatenate(kinds))
    return {name: joined([each[name] for each in found]).take(back) for name in names}


def estimated_numbers(
    blocks: Iterable[Sequence[Row]],
    names: Sequence[str],
    places: Places,
    estimator: str,
    progress: Callable[[int], object] = int,
) -> tuple[dict[str, NDArray[np.float64]], int]:
    """Return numeric metrics of all rows, shape (rows,), NaN where unknown, and rows without any.

    `progress` hears how many rows are done.
    """
    parts: dict[str, list[NDArray[np.float64]]] = {name: [] for name in names}
    wrong = done = 0
    for rows in blocks:
        found = estimate_points(rows, places, estimator, names)
        wrong += sum(problem is not None for problem in found.problems)
        done += len(found)
        for name in names:
            parts[name].append(found.numbers(name))
        progress(done)
    return {name: np.concatenate([*each, []]) for name, each in parts.items()}, wrong
