"""Every metric of every row of a table of points."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from sizer.estimate import estimate
from sizer.load.points import Row
from sizer.resolve.points import batches, placed
from sizer.schema.metrics import METRICS
from sizer.schema.report import Value

NAMES = tuple(metric.name for metric in METRICS)


@frozen
class Estimate:
    """Metrics of a row by name, None where unknown; or in words why there are none."""

    metrics: dict[str, Value]
    problem: str | None = None


def estimate_points(rows: Sequence[Row]) -> list[Estimate]:
    """Return the estimate of each row, in its place."""
    points = placed(row.point for row in rows)
    found = [
        Estimate({}, each if isinstance(each, str) else "; ".join(row.faults) or None)
        for row, each in zip(rows, points, strict=True)
    ]
    for batch in batches(points):
        table = estimate(batch.scenario, NAMES)
        cells = {name: table[name] for name in NAMES}
        for number, row in enumerate(batch.rows):
            found[row] = Estimate({name: each.cell(number) for name, each in cells.items()})
    return found
