"""How far aiconfigurator is from published times, and the intervals that follow from it.

Run with `python tests/accuracy/score_aiconfigurator.py POINTS.csv` where the extra `aic` is
installed; POINTS.csv is as published.py writes it. The end of what it prints belongs into
sizer/catalog/aiconfigurator.toml. Nothing is fitted here, so no group has to be left out.

With `--both` ours is fitted anew with each group left out, and both are scored beside their
geometric mean, on the rows that both estimate: what `[estimator] name = "both"` rests on.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from attrs import evolve, frozen
from score_perf import HEAD, PARTS, Row, line, read, table
from scored import Logs, Scored

from sizer.calibrate.intervals import intervals
from sizer.calibrate.misfit import Misfit
from sizer.calibrate.parameters import Parameters
from sizer.catalog.aiconfigurator import names
from sizer.catalog.calibration import calibration
from sizer.estimate import estimate
from sizer.estimate.both import itl_ms_high, itl_ms_low, scale_factor
from sizer.estimate.engine.intervals import CALIBRATED, deviations, ends
from sizer.load.points import read_measured, read_points
from sizer.pipeline.calibrations import calibrate
from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.schema.facts.calibration import Interval

METRICS = ("itl_ms", "ttft_ms")  # its tables know no more that enough groups have published


@frozen(eq=False)
class Second:
    """What aiconfigurator says of published points, held against what was measured."""

    misfit: Misfit
    logs: Logs
    rows: list[Row]
    points: list[Placed]
    numbers: list[int]

    @classmethod
    def of(cls, path: Path) -> Second:
        """Return its estimates of a table of points."""
        data, rows, groups = read(path)
        measured = read_measured(data)
        kept = {
            number: each
            for number, each in enumerate(placed(row.point for row in read_points(data)))
            if isinstance(each, Placed) and each.load.concurrency is not None
        }
        scenario = evolve(scenario_of_points(list(kept.values())), estimator="aiconfigurator")
        found = {name: column.values for name, column in estimate(scenario, METRICS).items()}
        values = {
            name: np.array([measured[name][row] or np.nan for row in kept]) for name in METRICS
        }
        named = np.array([groups[row] for row in kept])
        misfit = Misfit(lambda _: found, values, named, Parameters(calibration()))
        logs = misfit.of(np.zeros(len(misfit.parameters.names)))
        return cls(misfit, logs, [rows[row] for row in kept], list(kept.values()), list(kept))

    def of_metric(self, metric: str) -> dict[int, float]:
        """Return the logarithm of estimated over measured, by the number of the point."""
        mine = self.misfit.metrics == metric
        rows, logs = self.misfit.rows[mine].tolist(), self.logs[mine].tolist()
        return {self.numbers[row]: log for row, log in zip(rows, logs, strict=True)}


def alone(second: Second) -> Iterator[str]:
    """Yield the table of errors, then the intervals as TOML."""
    misfit, logs = second.misfit, second.logs
    yield from table(Scored(misfit, logs, second.rows, second.points))
    for name, each in intervals(misfit, logs, logs, misfit.groups).items():
        yield f"\n[intervals.{name}]\nlow = {each.low}\nhigh = {each.high}"
        yield f"points = {each.points}\ncoverage = {each.coverage}"


def together(path: Path, second: Second, without: str) -> Iterator[str]:
    """Yield the errors of ours, of aiconfigurator's and of their mean, and the mean's interval."""
    data, _, groups = read(path)
    numbers = dict(zip(second.numbers, second.points, strict=True))
    held = [
        PARTS[without](group, numbers[number]) if number in numbers else group
        for number, group in enumerate(groups)
    ]
    label = ("fit", "these rows")
    found = calibrate(read_points(data), read_measured(data), held, calibration("priors"), label)
    yield f"\nEach {without} left out of ours:\n\n{HEAD}\n|---|---|--:|--:|--:|--:|--:|--:|"
    for metric in METRICS:
        mine = found.misfit.metrics == metric
        rows = [second.numbers[row] for row in found.misfit.rows[mine]]
        own = dict(zip(rows, found.unseen[mine].tolist(), strict=True))
        other = second.of_metric(metric)
        shared = [number for number in own if number in other]
        one, two = (np.array([each[number] for number in shared]) for each in (own, other))
        named = np.array([groups[number] for number in shared])
        for who, logs in (("ours", one), ("aiconfigurator", two), ("mean", (one + two) / 2)):
            yield line(f"{metric} | {who}", logs, named)
        yield f"| {metric} | correlation of errors | {np.corrcoef(one, two)[0, 1]:.2f} |"
        if metric == "itl_ms":
            yield interval(one, two, found.calibration.intervals)


def interval(one: Logs, two: Logs, own: dict[str, Interval]) -> str:
    """Return how many measured paces lie in the interval of the mean, and how wide it is."""
    low_one, high_one = _ratios(own, len(one))
    low_two, high_two = _ratios(names().intervals, len(one))
    reach = np.full(len(one), deviations(CALIBRATED))
    apart, mean = two - one, np.exp((one + two) / 2)
    scale = scale_factor(apart, low_one, high_one, low_two, high_two, reach)
    low = itl_ms_low(mean, apart, scale, low_one, low_two)
    high = itl_ms_high(mean, apart, scale, high_one, high_two)
    inside = np.mean((low <= 1.0) & (high >= 1.0))
    wide = np.median(high / low)
    return f"| itl_ms | interval | {inside:.1%} inside | high over low {wide:.2f} (median) |"


def _ratios(intervals_of: Mapping[str, Interval], count: int) -> tuple[Logs, Logs]:
    """Return low and high of the pace over its value, for each row."""
    found = ends(intervals_of, None, seen=True)
    return np.full(count, found["itl_ms_low_ratio"]), np.full(count, found["itl_ms_high_ratio"])


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("points", type=Path, metavar="POINTS.csv")
    parser.add_argument("--both", action="store_true", help="score the mean of both too")
    parser.add_argument("--without", choices=PARTS, default="group", help="what is left out")
    given = parser.parse_args()
    second = Second.of(given.points)
    print("\n".join(alone(second)))
    if given.both:
        print("\n".join(together(given.points, second, given.without)))


if __name__ == "__main__":
    main()
