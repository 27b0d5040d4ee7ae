"""Intervals from left-out misfits: between which shares of the estimate measurements lie."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve

from sizer.calibrate.misfit import Groups, Misfit
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
