"""The constants of power from measured rows, and what is estimated of rows that were left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from math import inf

import numpy as np
from attrs import evolve, frozen
from energy_rows import Measured, Values

from sizer.calibrate.intervals import intervals
from sizer.calibrate.leave_out import left_out
from sizer.calibrate.misfit import Misfit
from sizer.calibrate.parameters import Parameters
from sizer.calibrate.solve import Fit, solve
from sizer.catalog.calibration import power_priors
from sizer.estimate.analytic import ANALYTIC
from sizer.estimate.engine.power import SHARES
from sizer.estimate.power import busy, draw
from sizer.pipeline.calibrations import MOVED, rounded
from sizer.schema.facts.calibration import Calibration, Family
from sizer.structure.facts import write_facts

AT_RATE = "power_at_measured_rate"  # power given the tokens/s that were measured
NOISES: Mapping[str, float] = {AT_RATE: 0.1, "power_w": inf, "joules_per_output_token": inf}
READ = (
    "tokens_per_second",
    "output_tokens",
    "replicas",
    "dp",
    "gpus",
    "serving_gpus",
    "tdp_w",
    "request_busy_seconds",
    "request_traffic_seconds",
    "request_arithmetic_seconds",
)
SOURCE = (
    "power of all accelerators in steady state under vLLM: ML.ENERGY leaderboard v3 "
    "(ml-energy/leaderboard@0cd52da, Apache-2.0), chat and reasoning"
)


@frozen(eq=False)
class Fitted:
    """A calibration, and the misfit of each entry with its group, or its family, left out."""

    calibration: Calibration
    misfit: Misfit
    fit: Fit
    unseen_group: Values
    unseen_family: Values

    def logs(self, metric: str) -> Values:
        """Return log(estimated / measured) of every row, its group left out."""
        found: Values = self.unseen_group[self.misfit.metrics == metric]
        return found


def fitted(data: Measured) -> Fitted:
    """Return the constants that explain measured power best, given the measured rates."""
    misfit = misfit_of(data)
    fit = solve(misfit)
    group, family = (left_out(misfit, fit, each) for each in (data.groups, data.families))
    return Fitted(_calibration(misfit, fit, group, family, data), misfit, fit, group, family)


def misfit_of(data: Measured) -> Misfit:
    """Return the misfit of power at the measured rates, and of power and joules at sizer's own."""
    table = ANALYTIC.estimate(data.scenario, READ)
    columns = {name: table[name].values for name in READ}
    families, rate = data.families, data.figures("output_tok_s")
    measured = {
        AT_RATE: data.figures("avg_power_w"),
        "power_w": data.figures("avg_power_w"),
        "joules_per_output_token": data.figures("joules_per_output_token"),
    }

    def predict(constants: Calibration) -> Mapping[str, Values]:
        own = power_w(columns, families, constants, columns["tokens_per_second"])
        return {
            AT_RATE: power_w(columns, families, constants, rate),
            "power_w": own,
            "joules_per_output_token": own / columns["tokens_per_second"],
        }

    return Misfit(predict, measured, data.groups, Parameters(power_priors()), NOISES)


def power_w(
    columns: Mapping[str, Values], families: np.ndarray, constants: Calibration, rate: Values
) -> Values:
    """Return the power of all accelerators in W at a rate of output tokens/s."""
    names, of = np.unique(families, return_inverse=True)
    shares = {
        each: np.array([constants.value(each, str(name)) for name in names])[of] for each in SHARES
    }
    group = busy.group_request_rate(
        rate, columns["output_tokens"], columns["replicas"], columns["dp"]
    )
    worked = (
        busy.busy_share(group, columns["request_busy_seconds"]),
        busy.traffic_share(group, columns["request_traffic_seconds"]),
        busy.arithmetic_share(group, columns["request_arithmetic_seconds"]),
    )
    share = draw.tdp_share(*worked, *(shares[each] for each in SHARES))
    idle = shares["idle_power_share"]
    return draw.power_w(share, idle, *(columns[each] for each in ("tdp_w", "gpus", "serving_gpus")))


def _calibration(
    misfit: Misfit, fit: Fit, group: Values, family: Values, data: Measured
) -> Calibration:
    spreads = np.sqrt(np.diag(np.linalg.inv(fit.precision)))
    moved = np.sum(np.abs(fit.slopes[misfit.metrics == AT_RATE]) > MOVED, axis=0)
    places = {each: number for number, each in enumerate(misfit.parameters.names)}
    found = misfit.parameters.applied(fit.vector)
    constants = {
        name: evolve(
            each,
            value=rounded(each.value),
            spread=rounded(float(spreads[places[name, None]])),
            points=int(moved[places[name, None]]),
            by={tag: rounded(value) for tag, value in each.by.items()},
        )
        for name, each in found.constants.items()
    }
    known = intervals(misfit, group, family, data.groups)
    whole = evolve(
        found,
        name="power",
        version="",
        source=SOURCE,
        constants=constants,
        intervals={name: each for name, each in known.items() if name != AT_RATE},
        families=_families(data),
    )
    return evolve(whole, version=sha256(write_facts(whole).encode()).hexdigest()[:8])


def _families(data: Measured) -> dict[str, Family]:
    counted = Counter(data.families.tolist())
    years = {
        name: min(p.gpu.launch_year or 9999 for p in data.points if p.gpu.family == name)
        for name in counted
    }
    vendors = {point.gpu.family: point.gpu.vendor for point in data.points}
    return {name: Family(vendors[name], years[name], counted[name]) for name in sorted(counted)}
