"""How far aiconfigurator is from published times, and the intervals that follow from it.

Run with `python tests/accuracy/score_aiconfigurator.py POINTS.csv` where the extra `aic` is
installed; POINTS.csv is as published.py writes it. The end of what it prints belongs into
sizer/catalog/aiconfigurator.toml. Nothing is fitted here, so no group has to be left out.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from attrs import evolve
from score_perf import read, table
from scored import Scored

from sizer.calibrate.intervals import intervals
from sizer.calibrate.misfit import Misfit
from sizer.calibrate.parameters import Parameters
from sizer.catalog.calibration import calibration
from sizer.estimate import estimate
from sizer.load.points import read_measured, read_points
from sizer.resolve.points import Placed, placed, scenario_of_points

METRICS = ("itl_ms", "ttft_ms")  # its tables know no more that enough groups have published


def scored(path: Path) -> Iterator[str]:
    """Yield the table of errors, then the intervals as TOML."""
    data, rows, groups = read(path)
    measured = read_measured(data)
    kept = {
        number: each
        for number, each in enumerate(placed(row.point for row in read_points(data)))
        if isinstance(each, Placed) and each.load.concurrency is not None
    }
    scenario = evolve(scenario_of_points(list(kept.values())), estimator="aiconfigurator")
    found = {name: column.values for name, column in estimate(scenario, METRICS).items()}
    values = {name: np.array([measured[name][row] or np.nan for row in kept]) for name in METRICS}
    named = np.array([groups[row] for row in kept])
    misfit = Misfit(lambda _: found, values, named, Parameters(calibration()))
    logs = misfit.of(np.zeros(len(misfit.parameters.names)))
    yield from table(Scored(misfit, logs, [rows[row] for row in kept], list(kept.values())))
    for name, each in intervals(misfit, logs, logs, misfit.groups).items():
        yield f"\n[intervals.{name}]\nlow = {each.low}\nhigh = {each.high}"
        yield f"points = {each.points}\ncoverage = {each.coverage}"


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("points", type=Path, metavar="POINTS.csv")
    for line in scored(parser.parse_args().points):
        print(line)


if __name__ == "__main__":
    main()
