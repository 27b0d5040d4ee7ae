"""How far power and energy are from measured rows.

Run with `python tests/accuracy/score_energy.py ENERGY.csv`: ENERGY.csv has one row a run, as
energy_rows.py reads it. The constants are fitted anew, and each row is scored by those that its
group (model and accelerator) took no part in. Beside it stands a constant share of the TDP, the
median of the other groups on the same accelerator.

Two things are scored apart: power given the rate of tokens that was measured, and power and joules
at the rate that sizer estimates itself. Power at the wall is another table.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from energy_fit import AT_RATE, Fitted, fitted, misfit_of
from energy_rows import Measured, Values, of_accelerators
from wall_rows import wall_lines

from sizer.calibrate.parameters import Parameters
from sizer.estimate.analytic import ANALYTIC

HEAD = "| accelerator | rows | groups | by row | by group | bias | constant share, by row |"
RULE = "|---|--:|--:|--:|--:|--:|--:|"
TITLES = {
    AT_RATE: "Joules a token, which is power, given the measured rate",
    "power_w": "Power at sizer's own rate",
    "joules_per_output_token": "Joules a token at sizer's own rate",
}


def lines(path: Path) -> Iterator[str]:
    """Yield every table."""
    data = of_accelerators(path)
    found = fitted(data)
    constant = constant_shares(data)
    for metric, title in TITLES.items():
        yield f"{title}, each group left out:\n"
        yield from table(data, found.logs(metric), constant[metric])
        yield ""
    yield from coverage(found)
    yield ""
    yield from not_fitted(path, found)
    yield from wall_lines(path)


def table(data: Measured, logs: Values, constant: Values) -> Iterator[str]:
    """Yield median errors by accelerator, those of a constant share beside them."""
    yield HEAD
    yield RULE
    for gpu in np.unique(data.gpus):
        mine = data.gpus == gpu
        errors, groups = np.abs(np.expm1(logs[mine])), data.groups[mine]
        grouped = np.median([np.median(errors[groups == name]) for name in np.unique(groups)])
        yield (
            f"| {gpu} | {mine.sum()} | {len(np.unique(groups))} | {np.median(errors):.1%} "
            f"| {grouped:.1%} | {np.expm1(np.median(logs[mine])):+.1%} "
            f"| {np.median(np.abs(np.expm1(constant[mine]))):.1%} |"
        )


def constant_shares(data: Measured) -> dict[str, Values]:
    """Return log(estimated / measured) of a constant share of the TDP, by metric."""
    estimates = ANALYTIC.estimate(data.scenario, ("tokens_per_second", "tdp_w", "gpus"))
    most = estimates["tdp_w"].values * estimates["gpus"].values
    watts, own = data.figures("avg_power_w"), estimates["tokens_per_second"].values
    share = watts / most
    said = np.array([np.median(share[each]) for each in _others(data)])
    logs = np.log(said / share)
    joules = said * most / own / data.figures("joules_per_output_token")
    return {AT_RATE: logs, "power_w": logs, "joules_per_output_token": np.log(joules)}


def _others(data: Measured) -> Iterator[np.ndarray]:
    """Yield for each row which rows are of its accelerator and of another model."""
    for gpu, group in zip(data.gpus, data.groups, strict=True):
        yield (data.gpus == gpu) & (data.groups != group)


def coverage(found: Fitted) -> Iterator[str]:
    """Yield how many of the left-out rows their interval holds."""
    yield "| interval | low | high | points | inside, groups left out |"
    yield "|---|--:|--:|--:|--:|"
    for name, each in found.calibration.intervals.items():
        ends = f"{np.exp(each.low):.2f} | {np.exp(each.high):.2f}"
        yield f"| {name} | {ends} | {each.points} | {each.coverage:.1%} |"


def not_fitted(path: Path, found: Fitted) -> Iterator[str]:
    """Yield the error of rows whose prompts have no stated length, taken as short ones."""
    data = of_accelerators(path, unplaced=True)
    misfit = misfit_of(data)
    constants = Parameters(found.calibration)
    said = misfit.predict(constants.prior)[AT_RATE]
    errors = np.abs(said / data.figures("avg_power_w") - 1.0)
    yield (
        f"Not fitted: {len(errors)} rows of fill-in-the-middle, whose prompts no source states: "
        f"median error {np.median(errors):.1%} with prompts taken as short ones"
    )


def main(show: Callable[[str], None] = print) -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("measured", type=Path, metavar="ENERGY.csv")
    show("\n".join(lines(parser.parse_args().measured)))


if __name__ == "__main__":
    main()
