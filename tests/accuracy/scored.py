"""Published points with their misfits: what was measured and what was estimated, by metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import field, frozen
from costs import RATES, log_costs, rates_of_latencies
from numpy.typing import NDArray
from orders import Compared
from pairs import Setting, setting

from sizer.calibrate.misfit import Misfit
from sizer.resolve.points import Placed

Logs = NDArray[np.float64]
Rows = NDArray[np.intp]


@frozen(eq=False)
class Scored:
    """Points that can be estimated, and the logarithm of estimated over measured of each entry."""

    misfit: Misfit
    logs: Logs
    rows: Sequence[Mapping[str, str]]
    points: Sequence[Placed]
    _settings: Sequence[Setting] = field(init=False)

    @_settings.default
    def _of_all(self) -> list[Setting]:
        return [setting(*each) for each in zip(self.points, self.rows, strict=True)]

    def compared(self) -> Iterator[Compared]:
        """Yield each metric as measured and as estimated."""
        for metric in dict.fromkeys(self.misfit.metrics):
            rows, measured, estimated = self._logs(str(metric))
            yield self._compared(str(metric), rows, measured, estimated)

    def compared_per_dollar(self) -> Iterator[Compared]:
        """Yield what a million tokens cost, by rates and by latencies."""
        for metric in RATES:
            rows, measured, estimated = self._logs(metric)
            found = [log_costs(self._points(rows), np.exp(each)) for each in (measured, estimated)]
            yield self._compared(f"cost_usd_per_mtok ({metric})", rows, *found)
        rows, first, later = self._latencies()
        points = self._points(rows)
        found = [
            log_costs(points, rates_of_latencies(points, *each))
            for each in zip(np.exp(first), np.exp(later), strict=True)
        ]
        yield self._compared("cost_usd_per_mtok (latencies)", rows, *found)

    def _logs(self, metric: str) -> tuple[Rows, Logs, Logs]:
        """Return a metric's rows, and the logarithms measured and estimated."""
        mine = (self.misfit.metrics == metric) & np.isfinite(self.logs)
        rows = self.misfit.rows[mine]
        if not len(rows):
            return rows, self.logs[mine], self.logs[mine]
        measured = np.log(self.misfit.measured[metric][rows])
        return rows, measured, measured + self.logs[mine]

    def _latencies(self) -> tuple[Rows, Logs, Logs]:
        """Return the rows with both latencies and no rate, and both logarithms of each latency."""
        first, *first_logs = self._logs("ttft_ms")
        later, *later_logs = self._logs("itl_ms")
        rows, here, there = np.intersect1d(first, later, return_indices=True)
        lone = ~np.isin(rows, self._logs("tokens_per_second")[0])
        return (
            rows[lone],
            np.array(first_logs)[:, here[lone]],
            np.array(later_logs)[:, there[lone]],
        )

    def _points(self, rows: Rows) -> list[Placed]:
        return [self.points[row] for row in rows]

    def _compared(self, metric: str, rows: Rows, measured: Logs, estimated: Logs) -> Compared:
        settings = [self._settings[row] for row in rows]
        groups = [f"{self.rows[row]['group']} of {self.rows[row]['source']}" for row in rows]
        return Compared(metric, settings, groups, measured, estimated)
