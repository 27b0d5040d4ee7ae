"""How far the analytic estimator is from published times and rates.

Run with `python tests/accuracy/score_perf.py POINTS.csv [--fit]`: POINTS.csv as published.py
writes it. Without `--fit` the shipped calibration is scored. With it the calibration is fitted
anew from the priors, and scored both as fitted and with each row's group left out, or with
`--without model`, `accelerator`, `family` or `maker` all that has the row's. A family is a kind
of structure (families.py), a maker that of the accelerator. `--drop` names a constant that the fit
must do without, to see what it is worth.
"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve
from families import family
from numpy.typing import NDArray
from orders import HEAD as HEAD_OF_ORDERS
from orders import line as line_of_orders
from pairs import CHOICES
from scored import Logs, Scored

from sizer.calibrate.misfit import Misfit
from sizer.catalog.calibration import calibration
from sizer.load.points import read_measured, read_points
from sizer.pipeline.calibrations import calibrate, misfit_of
from sizer.resolve.points import Placed
from sizer.schema.facts.calibration import Calibration
from sizer.structure.files.csv_document import CsvTable, read_csv

Row = Mapping[str, str]
PARTS: Mapping[str, Callable[[str, Placed], str]] = {
    "group": lambda group, _: group,
    "model": lambda group, _: group.partition("@")[0],
    "accelerator": lambda group, _: group.partition("@")[2],
    "family": lambda _, point: family(point.deployment),
    "maker": lambda _, point: point.gpu.vendor,
}
NOTHING = 1e-12  # seconds, or times another cost
HEAD = "| metric | scenario | points | groups | by row | by group | bias | within 2x |"


def table(found: Scored) -> Iterator[str]:
    """Yield the errors of each metric in each scenario as lines of Markdown."""
    misfit, logs = found.misfit, found.logs
    yield HEAD
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    scenarios = np.array([found.rows[row]["scenario"] for row in misfit.rows])
    groups = misfit.groups[misfit.rows]
    for metric in dict.fromkeys(misfit.metrics):
        for scenario in np.unique(scenarios[misfit.metrics == metric]):
            mine = (misfit.metrics == metric) & (scenarios == scenario) & np.isfinite(logs)
            yield line(f"{metric} | {scenario}", logs[mine], groups[mine])


def line(label: str, logs: Logs, groups: NDArray[np.str_]) -> str:
    """Return one line: median errors by row and by group, bias, and the share within 2x."""
    errors = np.abs(np.expm1(logs))
    names = np.unique(groups)
    grouped = np.median([np.median(errors[groups == name]) for name in names])
    return (
        f"| {label} | {len(logs):,} | {len(names)} | {np.median(errors):.1%} | {grouped:.1%} "
        f"| {np.expm1(np.median(logs)):+.1%} | {np.mean(np.abs(logs) < np.log(2)):.1%} |"
    )


def orders(found: Scored) -> Iterator[str]:
    """Yield how often pairs that differ in one choice are ordered as measured."""
    yield HEAD_OF_ORDERS
    for points in [*found.compared(), *found.compared_per_dollar()]:
        lines = (line_of_orders(points, choice) for choice in CHOICES)
        yield from (each for each in lines if each is not None)


def shipped(path: Path) -> Iterator[str]:
    """Yield the tables of the shipped calibration."""
    data, rows, groups = read(path)
    misfit, kept = misfit_of(read_points(data), read_measured(data), groups, calibration())
    logs = misfit.of(np.zeros(len(misfit.parameters.names)))
    yield from report(misfit, logs, rows, kept)


def fitted(path: Path, without: str, dropped: Sequence[str]) -> Iterator[str]:
    """Yield the tables of a new fit, and of the rows that took no part in theirs."""
    data, rows, groups = read(path)
    measured, points = read_measured(data), read_points(data)
    priors = dropping(calibration("priors"), dropped)
    misfit, kept = misfit_of(points, measured, groups, priors)
    held = [
        PARTS[without](group, kept[number]) if number in kept else group
        for number, group in enumerate(groups)
    ]
    found = calibrate(points, measured, held, priors, ("fit", "these rows"))
    yield "Fitted:\n"
    yield from report(misfit, found.fitted, rows, kept)
    yield f"\nEach {without} left out:\n"
    yield from report(misfit, found.unseen, rows, kept)
    yield "\n| metric | points | nine in ten inside, of what is left out |\n|---|--:|--:|"
    for name, interval in found.calibration.intervals.items():
        yield f"| {name} | {interval.points:,} | {interval.coverage:.1%} |"


def dropping(priors: Calibration, names: Sequence[str]) -> Calibration:
    """Return the priors with some costs at next to nothing, where measurements do not move them."""
    held = {
        name: evolve(priors.constants[name], value=NOTHING, spread=0.0, by={}) for name in names
    }
    return evolve(priors, constants=priors.constants | held)


def report(
    misfit: Misfit, logs: Logs, rows: Sequence[Row], kept: Mapping[int, Placed]
) -> Iterator[str]:
    """Yield both tables."""
    found = Scored(misfit, logs, [rows[number] for number in kept], list(kept.values()))
    yield from table(found)
    yield ""
    yield from orders(found)


def read(path: Path) -> tuple[CsvTable, list[Row], list[str]]:
    """Return a table of points, its rows as they are, and the group of each."""
    with path.open(newline="", encoding="utf-8") as file:
        rows: list[Row] = list(csv.DictReader(file))
    return read_csv(path), rows, [row["group"] for row in rows]


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("points", type=Path, metavar="POINTS.csv")
    parser.add_argument("--fit", action="store_true", help="fit anew and leave groups out")
    parser.add_argument("--without", choices=PARTS, default="group", help="what is left out")
    parser.add_argument(
        "--drop", action="append", default=[], metavar="CONSTANT", help="do without"
    )
    given = parser.parse_args()
    lines = fitted(given.points, given.without, given.drop) if given.fit else shipped(given.points)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
