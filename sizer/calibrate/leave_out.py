"""The misfit of each group under a calibration that never saw it."""

from __future__ import annotations

import numpy as np

from sizer.calibrate.misfit import Groups, Misfit
from sizer.calibrate.parameters import Vector
from sizer.calibrate.solve import Fit, clipped, loss, normal_equations

STEPS = 3
SHORTEST = 0.1  # of a step
ENOUGH = 1e-3


def left_out(misfit: Misfit, fit: Fit, groups: Groups) -> Vector:
    """Return each entry's misfit when its group takes no part in the fit.

    Each fit starts from the whole one and keeps its slopes; steps are halved until they gain.
    """
    of_entry = groups[misfit.rows]
    found = np.full(len(of_entry), np.nan)
    for group in np.unique(of_entry):
        held = of_entry == group
        found[held] = _without(misfit, fit, held)[held]
    return found


def _without(misfit: Misfit, fit: Fit, held: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Vector:
    weights = np.where(held, 0.0, misfit.weights)
    vector, here = fit.vector, fit.misfit
    cost = loss(misfit, here, vector, weights)
    for _ in range(STEPS):
        matrix, right = normal_equations(misfit, fit.slopes, here, vector, weights)
        step, share = clipped(np.linalg.solve(matrix, right)), 1.0
        gained = 0.0
        while share > SHORTEST and gained == 0.0:
            trial = vector - share * step
            there = misfit.of(trial)
            reached = loss(misfit, there, trial, weights)
            if reached < cost:
                gained = (cost - reached) / cost
                vector, here, cost = trial, there, reached
            share /= 2.0
        if gained < ENOUGH:
            break
    return here
