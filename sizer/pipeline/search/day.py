"""The replicas of each hour of a day: the fewest at which every condition holds at its rate.

The busiest hour decides how many there are; no hour has more. Conditions that no number of replicas
mends in an hour, like a bound of costs by the token at night, do not keep them up. An hour without
a request keeps one replica: a model takes longer to load than a request waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.pipeline.search.fewest import Search
from sizer.pipeline.search.parts import Parts
from sizer.schema.answered.day import Day, Unmet
from sizer.schema.rows import Reals
from sizer.schema.scenario import Scenario
from sizer.schema.verdict import HOLDS
from sizer.select import Candidates
from sizer.units import HOURS_PER_MONTH

BY_HOUR = "replicas_by_hour"  # of each row, shape (rows, hours)


def replicas_by_hour(
    scenario: Scenario, policy: Policy, day: Sequence[float], *, any_load: bool
) -> Reals:
    """Return how many replicas each row has in each hour, shape (hours, rows).

    `day` are requests/s by hour; loads have a rate, and it is that of the busiest hour. Rows of a
    candidate stand together and have the same replicas.
    """
    rates = sorted(set(day))
    found = _fewest(scenario, policy, np.array(rates) / max(day))
    each = _of_candidates(found, Candidates.of(scenario, any_load=any_load))
    hours: Reals = each[[rates.index(rate) for rate in day]]
    return hours


def with_day(scenario: Scenario, policy: Policy) -> Scenario:
    """Return a scenario whose rows know what they come to over its day, if it has one."""
    if not (scenario.day and len(scenario)):
        return scenario
    hours = replicas_by_hour(scenario, policy, scenario.day, any_load=policy.any_load)
    found = {
        BY_HOUR: hours.T,
        "mean_replicas": np.mean(hours, axis=0),
        "scaled_usd_per_hour": _scaled(_costs(scenario, hours), _cost(scenario, _most(scenario))),
    }
    return evolve(scenario, by_row={**scenario.by_row, **found})


def day_of(whole: Scenario, policy: Policy) -> Day | None:
    """Return the day of a candidate, all its rows `with_day`; None where none is asked for."""
    if BY_HOUR not in whole.by_row:
        return None
    hours = whole.by_row[BY_HOUR].T
    placed, fixed = whole.deployments[whole.deployment_of[0]], _cost(whole, _most(whole))
    replicas = tuple(int(each) for each in hours[:, 0])
    gpus = tuple((each + placed.spare_replicas) * placed.gpus_per_replica for each in replicas)
    scaled = _scaled(_costs(whole, hours), fixed)
    return Day(
        request_rates=whole.day,
        replicas=replicas,
        gpus=gpus,
        peak_gpus=placed.copies * placed.gpus_per_replica,
        mean_gpus=sum(gpus) / len(gpus),
        gpu_hours_per_day=float(sum(gpus)),
        cost_usd_per_month_fixed=_monthly(fixed),
        cost_usd_per_month_scaled=_monthly(scaled),
        saving_usd_per_month=_monthly(fixed - scaled),
        unmet=tuple(_unmet(whole, policy, hours)),
    )


def _fewest(scenario: Scenario, policy: Policy, shares: Reals) -> Reals:
    """Return the fewest replicas of each row at shares of its rate, shape (shares, rows)."""
    most = _most(scenario)
    counts = np.tile(most, (len(shares), 1))
    counts[shares == 0.0] = 1.0
    tried = (counts > 1.0) & (shares < 1.0)[:, np.newaxis]
    which, rows = np.nonzero(tried)
    if len(rows):
        slower = _slower(scenario.take(rows), shares[which])
        counts[tried] = Search(slower, Parts.of(policy)).enough(most[rows])
    return counts


def _slower(scenario: Scenario, shares: Reals) -> Scenario:
    """Return a scenario each row of which has a share of its requests."""
    rates = np.array([each.request_rate for each in scenario.loads])[scenario.load_of]
    return evolve(scenario, by_row={**scenario.by_row, "request_rate": rates * shares})


def _of_candidates(counts: Reals, candidates: Candidates) -> Reals:
    """Return for each row what the row of its candidate has that needs most."""
    if candidates.starts is None:
        return counts
    each = np.maximum.reduceat(counts, candidates.starts, axis=1)
    return np.repeat(each, np.diff(candidates.starts, append=candidates.rows), axis=1)


def _most(scenario: Scenario) -> Reals:
    """Return the replicas of each row in the busiest hour."""
    most = np.array([each.replicas for each in scenario.deployments], np.float64)
    return most[scenario.deployment_of]


def _costs(scenario: Scenario, hours: Reals) -> Reals:
    """Return what each row costs in each hour, in USD/h, shape (hours, rows)."""
    kinds, which = np.unique(hours, axis=0, return_inverse=True)
    return np.array([_cost(scenario, counts) for counts in kinds])[which.reshape(-1)]


def _cost(scenario: Scenario, counts: Reals) -> Reals:
    sized = evolve(scenario, by_row={**scenario.by_row, "replicas": counts})
    usd: Reals = estimate(sized, ("cost_usd_per_hour",))["cost_usd_per_hour"].values
    return usd


def _scaled(costs: Reals, fixed: Reals) -> Reals:
    """Return the mean cost of an hour, as what is saved of the fixed one: a flat day saves 0."""
    scaled: Reals = fixed - np.mean(fixed - costs, axis=0)
    return scaled


def _monthly(usd_per_hour: Reals) -> float | None:
    """Return what the first row comes to in a month; None where nobody says."""
    usd = float(usd_per_hour[0]) * HOURS_PER_MONTH
    return None if np.isnan(usd) else usd


def _unmet(whole: Scenario, policy: Policy, hours: Reals) -> Iterator[Unmet]:
    """Yield each condition that does not hold in some hours, however many replicas there are."""
    parts, shares = Parts.of(policy), np.array(whole.day) / max(whole.day)
    busy = np.flatnonzero((shares > 0.0) & (shares < 1.0))
    which, rows = np.repeat(busy, len(whole)), np.tile(np.arange(len(whole)), len(busy))
    slower = _slower(whole.take(rows), shares[which])
    codes = Search(slower, parts).codes(np.arange(len(rows)), hours[which, rows])
    missed: dict[str, set[int]] = {}
    for label, ended in zip(parts.labels, codes, strict=True):
        missed.setdefault(label, set()).update(which[ended != HOLDS].tolist())
    yield from (Unmet(label, tuple(sorted(found))) for label, found in missed.items() if found)
