"""Intervals from left-out misfits: between which shares of the estimate measurements lie."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve

from sizer.calibrate.misfit import CROWDING, Groups, Misfit
from sizer.calibrate.parameters import Vector
from sizer.schema.facts.calibration import FEWEST_GROUPS, Calibration, Interval

TAIL = 0.05  # on either side: nine in ten measurements inside


def intervals(
    misfit: Misfit, unseen_group: Vector, unseen_family: Vector, groups: Groups
) -> dict[str, Interval]:
    """Return the interval of each metric that enough groups were measured of.

    The vectors are misfits with the entry's group, and with its device family, left out.
    """
    found = {}
    for name in dict.fromkeys(misfit.metrics):
        mine = misfit.metrics == name
        of_entry, weights = groups[misfit.rows][mine], misfit.weights[mine]
        if len(np.unique(of_entry)) < FEWEST_GROUPS:
            continue
        errors = -unseen_group[mine]
        low, high = _tails(errors, weights)
        unseen_low, unseen_high = _tails(-unseen_family[mine], weights)
        found[str(name)] = Interval(
            low=round(low, 3),
            high=round(high, 3),
            unseen_low=round(min(low, unseen_low), 3),
            unseen_high=round(max(high, unseen_high), 3),
            points=int(np.sum(mine)),
            coverage=round(_coverage(errors, weights, of_entry), 3),
        )
    return found


def of_latency(
    faster: Vector, slower: Vector, groups: Groups, mean: Interval | None
) -> Interval | None:
    """Return the interval of a latency that no constant is fitted to; None of too few groups.

    Both vectors are log(measured / estimated): of the estimates at the fast end of what the engine
    sustains, and at the slow end, NaN where it may be overloaded. For a load of so many requests at
    once they are the same. Unseen families widen it as they widen the interval of its mean.
    """
    known = np.isfinite(faster)
    faster, slower, groups = faster[known], slower[known], groups[known]
    if len(np.unique(groups[np.isfinite(slower)])) < FEWEST_GROUPS:
        return None
    _, of, counts = np.unique(groups, return_inverse=True, return_counts=True)
    weights = np.asarray(counts[of] ** -CROWDING, np.float64)
    low, high = _outer(faster, slower, weights)
    inside = np.zeros(len(faster), np.bool_)
    for group in np.unique(groups):
        held = groups == group
        least, most = _outer(faster[~held], slower[~held], weights[~held])
        inside[held] = (faster[held] >= least) & ~(slower[held] > most)
    below, above = _widening(mean)
    return Interval(
        low=round(low, 3),
        high=round(high, 3),
        unseen_low=round(low - below, 3),
        unseen_high=round(high + above, 3),
        points=len(faster),
        coverage=round(float(np.sum(weights * inside) / np.sum(weights)), 3),
    )


def _outer(faster: Vector, slower: Vector, weights: Vector) -> tuple[float, float]:
    """Return the tails, neither beyond the estimates themselves."""
    ended = np.isfinite(slower)
    low, _ = _tails(faster, weights)
    _, high = _tails(slower[ended], weights[ended])
    return min(low, 0.0), max(high, 0.0)


def _widening(mean: Interval | None) -> tuple[float, float]:
    if mean is None:
        return 0.0, 0.0
    (low, high), (unseen_low, unseen_high) = mean.ends(seen=True), mean.ends(seen=False)
    return low - unseen_low, unseen_high - high


def inherited(
    own: Mapping[str, Interval], prior: Calibration, misfit: Misfit, unseen: Vector
) -> dict[str, Interval]:
    """Return the intervals of a prior for metrics that have none of their own.

    Each is widened to nine in ten of one's own measurements, their groups left out; `coverage` is
    the share of those that the prior's interval held.
    """
    return {
        name: _widened(each, prior.name, -unseen[mine], misfit.weights[mine])
        for name, each in prior.intervals.items()
        for mine in (misfit.metrics == name,)
        if name not in own
    }


def _widened(interval: Interval, prior: str, errors: Vector, weights: Vector) -> Interval:
    found = evolve(interval, prior=interval.prior or prior, points=len(errors))
    if not len(errors):
        return found
    low, high = (round(end, 3) for end in _tails(errors, weights))
    inside = (errors >= interval.low) & (errors <= interval.high)
    unseen_low, unseen_high = interval.ends(seen=False)
    return evolve(
        found,
        low=min(interval.low, low),
        high=max(interval.high, high),
        unseen_low=min(unseen_low, low),
        unseen_high=max(unseen_high, high),
        coverage=round(float(np.sum(weights * inside) / np.sum(weights)), 3),
    )


def _tails(errors: Vector, weights: Vector) -> tuple[float, float]:
    order = np.argsort(errors, kind="stable")
    share = np.cumsum(weights[order]) / np.sum(weights)
    ends = np.searchsorted(share, [TAIL, 1.0 - TAIL])
    low, high = errors[order][np.minimum(ends, len(errors) - 1)]
    return float(low), float(high)


def _coverage(errors: Vector, weights: Vector, groups: Groups) -> float:
    """Return the share of entries inside the interval that the other groups' errors have."""
    inside = np.zeros(len(errors), np.bool_)
    for group in np.unique(groups):
        held = groups == group
        low, high = _tails(errors[~held], weights[~held])
        inside[held] = (errors[held] >= low) & (errors[held] <= high)
    return float(np.sum(weights * inside) / np.sum(weights))
