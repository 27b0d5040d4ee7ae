"""Quantiles of distributions that are known by their moments, over columns."""

from __future__ import annotations

from math import lgamma

import numpy as np

from sizer.estimate.columns.quantity import Numbers

LEAST = 1e-300  # keeps quotients of zero by zero at zero
MOST_CERTAIN = 1e-9  # nearer to 0 or 1 no share of requests is looked at


def normal_score(share: Numbers) -> Numbers:
    """Return standard normal quantiles (Abramowitz and Stegun 26.2.23, error 4.5e-4)."""
    tail = np.clip(np.minimum(share, 1.0 - share), MOST_CERTAIN, 0.5)
    t = np.sqrt(-2.0 * np.log(tail))
    above = 2.515517 + t * (0.802853 + t * 0.010328)
    score: Numbers = t - above / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    found: Numbers = np.where(share < 0.5, -score, score)
    return found


def gamma_quantile(mean: Numbers, variance: Numbers, score: Numbers | float) -> Numbers:
    """Return gamma quantiles at normal scores (Wilson and Hilferty, 1931); 0 where mean is 0."""
    ninth = variance / np.maximum(mean * mean, LEAST) / 9.0
    cube: Numbers = np.maximum(1.0 - ninth + score * np.sqrt(ninth), 0.0) ** 3
    return np.maximum(mean, 0.0) * cube


def compound_quantile(count: Numbers, first: Numbers, second: Numbers, share: float) -> Numbers:
    """Return quantiles of a compound Poisson sum: none, or a gamma of those that are.

    `count` is the mean number of summands, `first` and `second` the moments of one.
    """
    none = np.exp(-count)
    some = np.maximum(-np.expm1(-count), LEAST)
    mean = count * first / some
    square = (count * second + (count * first) ** 2) / some
    within = normal_score((share - none) / some)
    found = gamma_quantile(mean, np.maximum(square - mean * mean, 0.0), within)
    return np.where(share > none, found, 0.0)


def rare_wait(chance: Numbers, per_second: Numbers, share: float) -> Numbers:
    """Return quantiles in seconds of a wait that is 0 but with `chance`, then exponential."""
    beyond = np.log(np.maximum(chance, LEAST) / (1.0 - share))
    return np.maximum(beyond, 0.0) / per_second


def beside_arrival(mean: Numbers, gap_cv2: Numbers) -> Numbers:
    """Return the arrivals within a window beside one, of `mean` on average, of gamma gaps.

    `gap_cv2` is the squared coefficient of variation of gaps: 1 of a Poisson process, whose
    arrivals know nothing of one another. Others meet their own cluster, or its lack: a renewal
    function has (cv2 - 1) / 2 more in the long run (Cox, Renewal Theory, 1962), and begins as the
    distribution of one gap.
    """
    over = (gap_cv2 - 1.0) / 2.0
    shape = 1.0 / np.maximum(gap_cv2, 1.0)
    first_gap = np.exp(shape * np.log(np.maximum(shape * mean, LEAST)) - _log_gamma(shape + 1.0))
    near = np.where(over > 0, first_gap, mean)
    scale = np.maximum(np.abs(over), 1e-12)
    return np.maximum(mean - over * np.expm1(-near / scale), 0.0)


def _log_gamma(values: Numbers) -> Numbers:
    few, places = np.unique(values, return_inverse=True)
    return np.array([lgamma(each) for each in few])[places].reshape(values.shape)
