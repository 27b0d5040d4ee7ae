"""Measured latencies that no constant is fitted to, and the intervals that they give.

They are percentiles, and all latencies at a request rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sizer.calibrate.intervals import of_latency
from sizer.estimate import estimate
from sizer.estimate.engine import LATENCIES, MEANS
from sizer.load.points import Row
from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.schema.facts.calibration import Calibration, Interval

Numbers = NDArray[np.float64]
Measured = Mapping[str, Sequence[float | None]]


@frozen(eq=False)
class Latencies:
    """Rows of one kind of load, with measured latencies and the group of each row."""

    points: Sequence[Placed]
    measured: Mapping[str, Numbers]
    groups: NDArray[np.str_]

    @classmethod
    def of(
        cls, rows: Sequence[Row], measured: Measured, groups: Sequence[str] | None, *, rated: bool
    ) -> Latencies:
        """Return the rows that have a place and a request rate, or none if not `rated`."""
        found = {
            number: each
            for number, each in enumerate(placed(row.point for row in rows))
            if isinstance(each, Placed) and (each.load.request_rate is not None) == rated
        }
        wanted = LATENCIES if rated else [name for name in LATENCIES if name not in MEANS.values()]
        values = {
            name: np.array([measured[name][number] or np.nan for number in found], np.float64)
            for name in wanted
            if name in measured
        }
        named = [groups[number] if groups else pair_of(each) for number, each in found.items()]
        return cls(list(found.values()), values, np.array(named))

    def intervals(self, used: Calibration, ends: tuple[str, str]) -> dict[str, Interval]:
        """Return the interval of each latency that enough groups were measured of.

        `ends` are what follows a metric's name in the estimates of its fast and its slow end.
        """
        kept = {name: each for name, each in self.measured.items() if np.isfinite(each).any()}
        names = [f"{name}{end}" for name in kept for end in ends]
        if not names:
            return {}
        scenario = evolve(scenario_of_points(self.points), calibration=used)
        told = estimate(scenario, names)
        found = {}
        for name, values in kept.items():
            faster, slower = (np.log(values / told[f"{name}{end}"].values) for end in ends)
            mean = used.intervals.get(MEANS[name.partition("_")[0]])
            found[name] = of_latency(faster, slower, self.groups, mean)
        return {name: each for name, each in found.items() if each is not None}


def pair_of(point: Placed) -> str:
    """Return a point's model and accelerator."""
    return f"{point.deployment.model.name}@{point.gpu.name}"


def latency_intervals(
    rows: Sequence[Row], measured: Measured, groups: Sequence[str] | None, fitted: Calibration
) -> Calibration:
    """Return a calibration with the intervals of percentiles, and of latencies at a rate.

    What was not measured keeps the calibration's. Its constants have seen no such latency, but may
    have seen the means of the same runs.
    """
    at_once = Latencies.of(rows, measured, groups, rated=False).intervals(fitted, ("", ""))
    rated = Latencies.of(rows, measured, groups, rated=True)
    at_rates = rated.intervals(fitted, ("_at_low", "_at_high"))
    return evolve(
        fitted,
        intervals=fitted.intervals | at_once,
        rate_intervals=fitted.rate_intervals | at_rates,
    )
