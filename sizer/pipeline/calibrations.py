"""Measurements to a calibration: the constants that explain them best, and how sure they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sizer.calibrate.intervals import inherited, intervals
from sizer.calibrate.leave_out import left_out
from sizer.calibrate.misfit import NOISE, Misfit
from sizer.calibrate.parameters import Parameters, Vector
from sizer.calibrate.solve import Fit, solve
from sizer.estimate.analytic import ANALYTIC
from sizer.estimate.engine import core
from sizer.load.points import Row
from sizer.pipeline.latency_intervals import latency_intervals, pair_of
from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.calibration import Calibration, Constant, Family, Interval, numbers
from sizer.structure.facts import write_facts

MOVED = 0.05  # a measurement stands behind a constant if 1 % of it moves the estimate by 0.05 %
DIGITS = 4
COUNTED = {"sglang": 3}  # its releases differ in the third number, others' in the second


@frozen(eq=False)
class Calibrated:
    """A calibration, and the misfit of each measured value before and after leaving it out."""

    calibration: Calibration
    misfit: Misfit
    fitted: Vector
    unseen: Vector


def calibrate(
    rows: Sequence[Row],
    measured: Mapping[str, Sequence[float | None]],
    groups: Sequence[str] | None,
    prior: Calibration,
    label: tuple[str, str],
) -> Calibrated:
    """Return the calibration of all rows that can be estimated at a fixed concurrency.

    `groups` are left out together; without them rows of one model on one accelerator are. The
    label is the calibration's name and source.
    Raises ValueError when no row has a measurement of a metric that is fitted.
    """
    misfit, kept = misfit_of(rows, measured, groups, prior)
    found = _calibrated(misfit, solve(misfit), list(kept.values()), label)
    whole = latency_intervals(rows, measured, groups, found.calibration)
    version = sha256(write_facts(whole).encode()).hexdigest()[:8]
    return evolve(found, calibration=evolve(whole, version=version))


def misfit_of(
    rows: Sequence[Row],
    measured: Mapping[str, Sequence[float | None]],
    groups: Sequence[str] | None,
    prior: Calibration,
) -> tuple[Misfit, dict[int, Placed]]:
    """Return the misfit of all rows that can be estimated at a fixed concurrency, and those rows.

    Raises ValueError when no such row has a measurement of a metric that is fitted.
    """
    kept = {
        number: each
        for number, each in enumerate(placed(row.point for row in rows))
        if isinstance(each, Placed) and each.load.request_rate is None
    }
    values = {
        metric: np.array([measured[metric][number] or np.nan for number in kept], np.float64)
        for metric in NOISE
        if metric in measured
    }
    if not any(np.isfinite(column).any() for column in values.values()):
        raise ValueError(f"no row with a concurrency has a measurement of {', '.join(NOISE)}")
    named = [groups[number] if groups else pair_of(each) for number, each in kept.items()]
    scenario = scenario_of_points(list(kept.values()))
    predict = ANALYTIC.predictor(evolve(scenario, calibration=prior), values)
    return Misfit(predict, values, np.array(named), Parameters(prior)), kept


def _calibrated(
    misfit: Misfit, fit: Fit, points: Sequence[Placed], label: tuple[str, str]
) -> Calibrated:
    families = np.array([each.gpu.family for each in points])
    unseen = left_out(misfit, fit, misfit.groups)
    fitted = misfit.parameters.applied(fit.vector)
    rows = np.unique(misfit.rows)
    own = intervals(misfit, unseen, left_out(misfit, fit, families), misfit.groups)
    found = evolve(
        fitted,
        name=label[0],
        version="",
        source=label[1],
        constants=_constants(misfit, fit, fitted),
        intervals=own | inherited(own, misfit.parameters.prior, misfit, unseen),
        rate_intervals=_of_prior(misfit.parameters.prior),
        families=_families(points, rows),
        engines=dict(sorted(Counter(core(points[row].engine) for row in rows).items())),
        newest=_newest(points[row].engine for row in rows),
    )
    return Calibrated(found, misfit, fit.misfit, unseen)


def _of_prior(prior: Calibration) -> dict[str, Interval]:
    return {
        name: evolve(each, prior=each.prior or prior.name, points=0)
        for name, each in prior.rate_intervals.items()
    }


def _constants(misfit: Misfit, fit: Fit, fitted: Calibration) -> dict[str, Constant]:
    """Return the constants with what stands behind each."""
    spreads = np.sqrt(np.diag(np.linalg.inv(fit.precision)))
    moved = np.sum(np.abs(fit.slopes) > MOVED, axis=0)
    known = dict(zip(misfit.parameters.names, zip(spreads, moved, strict=True), strict=True))
    return {
        name: evolve(
            constant,
            value=rounded(constant.value),
            spread=rounded(float(known[name, None][0])),
            points=int(known[name, None][1]),
            by={tag: rounded(value) for tag, value in constant.by.items()},
        )
        for name, constant in fitted.constants.items()
    }


def rounded(value: float) -> float:
    """Return a number with as many digits as a constant has in a file."""
    return float(f"{value:.{DIGITS}g}")


def _families(points: Sequence[Placed], rows: NDArray[np.intp]) -> dict[str, Family]:
    gpus = [points[row].gpu for row in rows]
    found: dict[str, Family] = {}
    for family, points_of in sorted(Counter(gpu.family for gpu in gpus).items()):
        years = [(gpu.launch_year, gpu.vendor) for gpu in gpus if gpu.family == family]
        known = [(year, vendor) for year, vendor in years if year is not None]
        if known:
            year, vendor = min(known)
            found[family] = Family(vendor, year, points_of)
    return found


def _newest(engines: Iterable[Engine]) -> dict[str, str]:
    """Return the newest release of each engine, by as many numbers as its releases count in."""
    found: dict[str, tuple[int, ...]] = {}
    for each in engines:
        release = numbers(each.version or "")
        if release is not None:
            counted = release[: COUNTED.get(each.name, 2)]
            found[each.name] = max(found.get(each.name, counted), counted)
    return {name: ".".join(map(str, each)) for name, each in sorted(found.items())}
