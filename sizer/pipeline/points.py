"""Every metric of every row of a table of points."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from sizer.estimate import ANALYTIC, estimate
from sizer.load.points import Row
from sizer.resolve.facts import Facts
from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.schema.answered.report import Value
from sizer.schema.metrics import METRICS

NAMES = tuple(metric.name for metric in METRICS)


@frozen
class Estimate:
    """Metrics of a row by name, None where unknown; or in words why there are none."""

    metrics: dict[str, Value]
    problem: str | None = None


def estimate_points(
    rows: Sequence[Row], facts: Facts | None = None, estimator: str = ANALYTIC
) -> list[Estimate]:
    """Return the estimate of each row, in its place; `facts` are the catalog's unless given."""
    points = placed((row.point for row in rows), facts)
    found = [
        Estimate({}, each if isinstance(each, str) else "; ".join(row.faults) or None)
        for row, each in zip(rows, points, strict=True)
    ]
    known = [(row, each) for row, each in enumerate(points) if isinstance(each, Placed)]
    scenario = scenario_of_points([each for _, each in known])
    table = estimate(evolve(scenario, estimator=estimator), NAMES)
    for number, (row, _) in enumerate(known):
        found[row] = Estimate({name: table[name].cell(number) for name in NAMES})
    return found
