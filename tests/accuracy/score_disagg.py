"""How far estimates of prompts that are read apart are from measured runs.

Run with `python tests/accuracy/score_disagg.py DISAGG.csv`. An error is
exp(median |log(estimated / measured)|) - 1; groups are an accelerator, an engine and a format.
With `--fit` the three constants of `sizer/estimate/apart/alone.py` are found anew, and scored on
each accelerator that is left out of the fit.

What the rows do not state is not given: token budgets, slots, memory shares. `mtp` is not stated of
any, and all are taken to draft nothing: at one request in flight the steps are as long as those
of runs that draft none.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path

import numpy as np
from attrs import evolve, field, frozen
from disagg_rows import Numbers, Runs, Side, runs
from numpy.typing import NDArray

from sizer.estimate import estimate
from sizer.estimate.apart.alone import Alone, sides
from sizer.estimate.apart.estimator import apart
from sizer.estimate.columns.inputs import Inputs

METRICS = {"ttft_ms": "ttft_ms", "itl_ms": "tpot_ms"}
APART = 0.15  # of each other that two measurements are, to have an order
KNOWN = 1.1  # times as many requests in flight count as alike
GRID = {
    "arithmetic": (0.3, 0.35, 0.4, 0.5, 0.7, 1.0),  # with less it would be above the sheet's peak
    "engine": (0.75, 0.8, 0.85, 0.9, 0.95, 1.0),
    "groups": (1.0, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8),
}
FITTED_TO = {"arithmetic": "itl_ms", "engine": "itl_ms", "groups": "ttft_ms"}
TAILS = (0.05, 0.95)


@frozen(eq=False)
class Score:
    """Runs with the logarithm of estimated over measured of each metric."""

    runs: Runs
    alone: Alone = field(factory=Alone)
    told: Mapping[str, Numbers] = field(init=False)

    @told.default
    def _told(self) -> dict[str, Numbers]:
        both = Inputs.of(self.runs.scenario)
        table = apart(sides(self.alone)).settled(both, tuple(METRICS))
        return {name: table[name].values for name in METRICS}

    def logs(self, metric: str) -> Numbers:
        """Return how far a metric is off, NaN where it is unknown."""
        found: Numbers = np.log(self.told[metric] / self.runs.of(METRICS[metric]))
        return found

    @property
    def groups(self) -> NDArray[np.str_]:
        """The group of each run."""
        return self.runs.words("gpu", "engine", "weights")

    def per_gpu(self, *, measured: bool) -> Numbers:
        """Return output tokens a second of one accelerator, by Little's law."""
        known = {name: self.runs.of(METRICS[name]) for name in METRICS} if measured else self.told
        answer = np.array([float(each.load.output_tokens) for each in self.runs.points])
        whole = known["ttft_ms"] + (answer - 1.0) * known["itl_ms"]
        rates: Numbers = self.runs.of("concurrency") * answer / whole * 1e3 / self.runs.gpus
        return rates


def error(logs: Numbers) -> float:
    """Return the median distance of estimated and measured, as a share."""
    known = logs[np.isfinite(logs)]
    return float(np.exp(np.median(np.abs(known))) - 1.0) if len(known) else float("nan")


def by_group(logs: Numbers, groups: NDArray[np.str_]) -> list[float]:
    """Return the error of each group that has any."""
    found = (error(logs[groups == each]) for each in np.unique(groups))
    return [each for each in found if np.isfinite(each)]


def pairs(found: Runs) -> Iterator[tuple[int, int]]:
    """Yield runs of one load on one accelerator that differ in their sides."""
    alike = found.words("gpu", "engine", "weights", "isl", "osl")
    flight = found.of("concurrency")
    shapes = [(Side.of(row, "prefill"), Side.of(row, "decode")) for row in found.rows]
    for one in range(len(shapes)):
        for two in range(one):
            near = max(flight[one], flight[two]) <= KNOWN * min(flight[one], flight[two])
            if alike[one] == alike[two] and near and shapes[one] != shapes[two]:
                yield one, two


def orders(score: Score, measured: Numbers, told: Numbers) -> list[bool]:
    """Return of each pair with an order whether the estimate has the same."""
    real, said = np.log(measured), np.log(told)
    return [
        bool((real[one] - real[two]) * (said[one] - said[two]) > 0)
        for one, two in pairs(score.runs)
        if abs(real[one] - real[two]) > APART and np.isfinite(said[one] - said[two])
    ]


def report(score: Score) -> Iterator[str]:
    """Yield the lines of a score."""
    count = len(score.runs.rows)
    yield f"{count} runs, {len(np.unique(score.groups))} groups"
    for name in METRICS:
        logs = score.logs(name)
        inside = logs[np.isfinite(logs)]
        low, high = np.exp(-np.quantile(inside, TAILS)[::-1])
        yield (
            f"{name}: {len(inside)} runs, median error {error(logs):.1%}, of groups "
            f"{np.median(by_group(logs, score.groups)):.1%}; measured over estimated "
            f"{np.exp(-np.median(inside)):.2f}, nine in ten {low:.2f} to {high:.2f}"
        )
    yield f"intervals of first tokens hold {covered(score.runs):.0%}"
    for name, of in _ordered(score).items():
        yield f"order of sides by {name}: {np.mean(of):.0%} of {len(of)} pairs"


def covered(found: Runs) -> float:
    """Return the share of first tokens within their 90 % interval."""
    table = estimate(found.scenario, ("ttft_ms_low", "ttft_ms_high"))
    low, high = (each.values for each in table.values())
    measured, known = found.of("ttft_ms"), np.isfinite(high)
    return float(np.mean(((low <= measured) & (measured <= high))[known]))


def _ordered(score: Score) -> dict[str, list[bool]]:
    found = {name: (score.runs.of(METRICS[name]), score.told[name]) for name in METRICS}
    rates = score.per_gpu(measured=True), score.per_gpu(measured=False)
    return {
        name: orders(score, *each)
        for name, each in {**found, "tokens_per_second_per_gpu": rates}.items()
    }


def fitted(known: Callable[[Alone], Score], kept: NDArray[np.bool_]) -> Alone:
    """Return the constants with the least error, in the median over groups of the kept runs."""
    best = Alone()

    def badness(alone: Alone, metric: str) -> float:
        score = known(alone)
        return float(np.median(by_group(score.logs(metric)[kept], score.groups[kept])))

    for _ in range(2):
        for names in (("arithmetic", "engine"), ("groups",)):
            tried = [
                evolve(best, **dict(zip(names, each, strict=True)))
                for each in product(*(GRID[name] for name in names))
            ]
            best = min(tried, key=lambda each: badness(each, FITTED_TO[names[0]]))
    return best


def left_out(found: Runs) -> Iterator[str]:
    """Yield the constants, and the errors on each accelerator that is left out of the fit."""
    scores: dict[Alone, Score] = {}

    def known(alone: Alone) -> Score:
        if alone not in scores:
            scores[alone] = Score(found, alone)
        return scores[alone]

    gpus = found.words("gpu")
    yield f"fitted to all: {fitted(known, np.ones(len(gpus), np.bool_))}"
    unseen = {name: np.full(len(gpus), np.nan) for name in METRICS}
    for gpu in np.unique(gpus):
        constants = fitted(known, gpus != gpu)
        yield f"without {gpu}: {constants}"
        for name, logs in unseen.items():
            logs[gpus == gpu] = known(constants).logs(name)[gpus == gpu]
    groups = known(Alone()).groups
    for name, logs in unseen.items():
        low, high = np.exp(-np.quantile(logs[np.isfinite(logs)], TAILS)[::-1])
        yield (
            f"{name} of unseen accelerators: median error {error(logs):.1%}, of groups "
            f"{np.median(by_group(logs, groups)):.1%}; measured over estimated, nine in ten "
            f"{low:.2f} to {high:.2f}"
        )


def main() -> None:
    """Print the score of a table."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("measured", type=Path, metavar="DISAGG.csv")
    parser.add_argument("--fit", action="store_true", help="find the constants anew")
    asked = parser.parse_args()
    found = runs(asked.measured)
    lines = left_out(found) if asked.fit else report(Score(found))
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
