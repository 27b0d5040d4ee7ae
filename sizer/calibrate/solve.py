"""Robust least squares with priors: Gauss-Newton steps, damped as Levenberg and Marquardt did.

Outliers count by the logarithm of their square (Cauchy's loss), as published measurements have
some that no physics explains.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.calibrate.misfit import Misfit
from sizer.calibrate.parameters import LEAST_SPREAD, Vector

TURN = 2.5  # spreads beyond which an entry counts as an outlier
LONGEST_STEP = 0.7
ROUNDS = 20
ENOUGH = 3e-4  # relative gain of a round below which the fit is done


@frozen(eq=False)
class Fit:
    """A fitted vector with its entries' misfit, their slopes, and the inverse covariance."""

    vector: Vector
    misfit: Vector
    slopes: NDArray[np.float64]
    precision: NDArray[np.float64]


def solve(misfit: Misfit) -> Fit:
    """Return the vector that is the most probable after the measurements."""
    vector = np.zeros(len(misfit.parameters.names))
    here, weights, damping = misfit.of(vector), misfit.weights, 1e-2
    cost = loss(misfit, here, vector, weights)
    for _ in range(ROUNDS):
        slopes = misfit.slopes(vector, here)
        hessian, gradient = normal_equations(misfit, slopes, here, vector, weights)
        gained = 0.0
        while damping < 1e6:
            damped = hessian + damping * np.diag(np.diag(hessian))
            trial = vector - clipped(np.linalg.solve(damped, gradient))
            there = misfit.of(trial)
            reached = loss(misfit, there, trial, weights)
            if reached < cost:
                gained = (cost - reached) / cost
                vector, here, cost, damping = trial, there, reached, damping / 5.0
                break
            damping *= 4.0
        if gained < ENOUGH:
            break
    slopes = misfit.slopes(vector, here)
    hessian, _ = normal_equations(misfit, slopes, here, vector, weights)
    return Fit(vector, here, slopes, hessian)


def loss(misfit: Misfit, here: Vector, vector: Vector, weights: Vector) -> float:
    """Return what is minimised: outliers flattened, the distance from the prior, wrong orders.

    An engine's earlier generation is not faster than its present one, unless measurements say so.
    """
    entries = weights * TURN**2 * np.log1p((here / misfit.noise / TURN) ** 2)
    priors = (vector / misfit.parameters.spreads) ** 2
    wrong = np.maximum(misfit.parameters.order @ vector, 0.0) / LEAST_SPREAD
    return float(np.sum(entries) + np.sum(priors) + np.sum(wrong**2))


def normal_equations(
    misfit: Misfit, slopes: NDArray[np.float64], here: Vector, vector: Vector, weights: Vector
) -> tuple[NDArray[np.float64], Vector]:
    """Return the matrix and the right-hand side of a Gauss-Newton step."""
    robust = weights / (1.0 + (here / misfit.noise / TURN) ** 2) / misfit.noise**2
    prior = misfit.parameters.spreads**-2.0
    hessian = slopes.T @ (slopes * robust[:, None]) + np.diag(prior)
    order = misfit.parameters.order
    broken = order[order @ vector > 0.0] / LEAST_SPREAD
    hessian += broken.T @ broken
    return hessian, slopes.T @ (robust * here) + vector * prior + broken.T @ (broken @ vector)


def clipped(step: NDArray[np.floating[Any]]) -> Vector:
    """Return a step no longer than a factor of two in any constant."""
    short: Vector = np.clip(step, -LONGEST_STEP, LONGEST_STEP).astype(np.float64)
    return short
