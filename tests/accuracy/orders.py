"""How often the estimator orders two measurements as they came out, plain and weighted.

Kendall's tau is the share of pairs ordered right less the share ordered wrong; a pair that the
estimator does not tell apart counts as neither. Weighted, a pair counts by its measured gap, the
absolute logarithm of the ratio: what a wrong order costs. By group, the pairs of one source between
the same two groups (a model on an accelerator) have one weighted tau, and those are averaged, so
that a source with many rows says no more than one with few.

Numbers of accelerators: two points that differ in the accelerator have equally many, so that totals
are ordered as rates per device are. Two that differ in the split are compared as wholes, and per
dollar by what all of their accelerators cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from pairs import Setting, pairs

Vector = NDArray[np.float64]
CLEAR = np.log1p(0.15)  # pairs that differ by less are a matter of noise
TIED = 1e-9
HEAD = (
    "| metric | differ in | pairs | right | tau | weighted | by group | groups "
    "| clear pairs | right | unpriced |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@frozen(eq=False)
class Compared:
    """One metric of several points: logarithms of what was measured and of what was estimated.

    `groups` are those that the points belong to; NaN is a cost that nobody knows.
    """

    metric: str
    settings: Sequence[Setting]
    groups: Sequence[str]
    measured: Vector
    estimated: Vector


@frozen
class Ordered:
    """Pairs that differ in one choice alone; `clear` ones differ by more than 15 %."""

    pairs: int
    right: float
    tau: float
    weighted: float
    by_group: float
    groups: int
    clear: int
    clear_right: float
    unpriced: int


def ordered(points: Compared, choice: str) -> Ordered | None:
    """Return how pairs that differ in a choice are ordered; None without any."""
    first, second = np.array([*pairs(choice, points.settings)], np.intp).reshape(-1, 2).T
    gaps = points.measured[first] - points.measured[second]
    said = points.estimated[first] - points.estimated[second]
    kept = np.flatnonzero(np.abs(gaps) > TIED)
    if not len(kept):
        return None
    weights = np.abs(gaps[kept])
    agreed = np.sign(gaps[kept]) * np.sign(said[kept]) * (np.abs(said[kept]) > TIED)
    clear = weights > CLEAR
    groups = _groups(points, first[kept], second[kept])
    return Ordered(
        pairs=len(kept),
        right=float(np.mean(agreed > 0)),
        tau=float(np.mean(agreed)),
        weighted=float(np.average(agreed, weights=weights)),
        by_group=float(np.mean([np.average(agreed[g], weights=weights[g]) for g in groups])),
        groups=len(groups),
        clear=int(np.sum(clear)),
        clear_right=float(np.mean(agreed[clear] > 0)) if clear.any() else np.nan,
        unpriced=int(np.sum(np.isnan(gaps))),
    )


def line(points: Compared, choice: str) -> str | None:
    """Return a line of the table; None without any pair."""
    found = ordered(points, choice)
    if found is None:
        return None
    clear = "none" if np.isnan(found.clear_right) else f"{found.clear_right:.1%}"
    return (
        f"| {points.metric} | {choice} | {found.pairs:,} | {found.right:.1%} | {found.tau:.2f} "
        f"| {found.weighted:.2f} | {found.by_group:.2f} | {found.groups} "
        f"| {found.clear:,} | {clear} | {found.unpriced:,} |"
    )


def _groups(
    points: Compared, first: NDArray[np.intp], second: NDArray[np.intp]
) -> list[NDArray[np.intp]]:
    members: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, (one, other) in enumerate(zip(first, second, strict=True)):
        both = sorted((points.groups[one], points.groups[other]))
        members[*both].append(number)
    return [np.array(each, np.intp) for each in members.values()]
