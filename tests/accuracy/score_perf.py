"""How far the analytic estimator is from published times and rates.

Run with `python tests/accuracy/score_perf.py POINTS.csv [--fit]`: POINTS.csv as published.py
writes it. Without `--fit` the shipped calibration is scored. With it the calibration is fitted
anew from the priors, and scored both as fitted and with each row's group left out.
"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pairs import ordered

from sizer.calibrate.misfit import Misfit
from sizer.catalog.calibration import calibration
from sizer.load.points import read_measured, read_points
from sizer.pipeline.calibrations import calibrate, misfit_of
from sizer.structure.csv_document import CsvTable, read_csv

Logs = NDArray[np.float64]
HEAD = "| metric | scenario | points | groups | by row | by group | bias | within 2x |"


def table(misfit: Misfit, logs: Logs, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield the errors of each metric in each scenario as lines of Markdown."""
    yield HEAD
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    scenarios = np.array([rows[row]["scenario"] for row in misfit.rows])
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


def orders(misfit: Misfit, logs: Logs, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield how often pairs that differ in one choice are ordered as measured."""
    yield "| metric | differ in | pairs | right | tau | clear pairs | right |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for metric in dict.fromkeys(misfit.metrics):
        mine = np.flatnonzero((misfit.metrics == metric) & np.isfinite(logs))
        here = [rows[row] for row in misfit.rows[mine]]
        truth = misfit.measured[metric][misfit.rows[mine]]
        for each in ordered(metric, here, truth, truth * np.exp(logs[mine])):
            share = f"{each.clear_right / each.clear:.1%}" if each.clear else "none"
            yield (
                f"| {metric} | {each.choice} | {each.pairs:,} | {each.right / each.pairs:.1%} "
                f"| {each.tau:.2f} | {each.clear:,} | {share} |"
            )


def shipped(path: Path) -> Iterator[str]:
    """Yield the tables of the shipped calibration."""
    data, rows, groups = read(path)
    misfit, kept = misfit_of(read_points(data), read_measured(data), groups, calibration())
    logs = misfit.of(np.zeros(len(misfit.parameters.names)))
    yield from report(misfit, logs, [rows[number] for number in kept])


def fitted(path: Path) -> Iterator[str]:
    """Yield the tables of a new fit, and of the rows that took no part in theirs."""
    data, rows, groups = read(path)
    measured = read_measured(data)
    points = read_points(data)
    found = calibrate(points, measured, groups, calibration("priors"), ("fit", "these rows"))
    _, kept = misfit_of(points, measured, groups, calibration("priors"))
    here = [rows[number] for number in kept]
    yield "Fitted:\n"
    yield from report(found.misfit, found.fitted, here)
    yield "\nEach group left out:\n"
    yield from report(found.misfit, found.unseen, here)
    yield "\n| metric | points | nine in ten inside, of groups left out |\n|---|--:|--:|"
    for name, interval in found.calibration.intervals.items():
        yield f"| {name} | {interval.points:,} | {interval.coverage:.1%} |"


def report(misfit: Misfit, logs: Logs, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield both tables."""
    yield from table(misfit, logs, rows)
    yield ""
    yield from orders(misfit, logs, rows)


def read(path: Path) -> tuple[CsvTable, list[dict[str, str]], list[str]]:
    """Return a table of points, its rows as they are, and the group of each."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return read_csv(path), rows, [row["group"] for row in rows]


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("points", type=Path, metavar="POINTS.csv")
    parser.add_argument("--fit", action="store_true", help="fit anew and leave groups out")
    arguments = parser.parse_args()
    print("\n".join((fitted if arguments.fit else shipped)(arguments.points)))


if __name__ == "__main__":
    main()
