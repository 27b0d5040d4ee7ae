"""Lines of a score of percentiles: errors by group of model and accelerator, models alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Logs = NDArray[np.float64]
Groups = NDArray[np.str_]
HEAD = (
    "| what | rows | groups | models | by group | by row | bias | wrong |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)
COVERED = "| what | rows | groups | inside |\n|---|--:|--:|--:|"


@frozen(eq=False)
class Part:
    """Logarithms of what was estimated over what was measured, and the group of each row.

    A row whose estimate says overloaded is infinitely far away; NaN where nothing was measured.
    """

    label: str
    logs: Logs
    groups: Groups

    def of(self, chosen: NDArray[np.bool_], label: str) -> Part:
        """Return the chosen rows under another label."""
        return Part(label, self.logs[chosen], self.groups[chosen])

    def line(self) -> str | None:
        """Return one line of a table, nothing without a row."""
        known = ~np.isnan(self.logs)
        if not known.any():
            return None
        logs, groups = self.logs[known], self.groups[known]
        alike = percent(by_group(np.abs(logs), groups))
        by_row, bias = percent(median(np.abs(logs))), percent(median(logs), signed=True)
        counts = f"{len(logs)} | {len(set(groups))} | {len(set(models(groups)))}"
        wrong = int(np.isinf(logs).sum())
        return f"| {self.label} | {counts} | {alike} | {by_row} | {bias} | {wrong} |"


def table(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield HEAD
    yield from (line for line in (part.line() for part in parts) if line is not None)


def by_group(values: Logs, groups: Groups) -> float:
    """Return the median over groups of each one's median; models count alike."""
    names = np.unique(groups)
    medians = np.array([np.median(values[groups == name]) for name in names])
    return weighted_median(medians, group_weights(names))


def group_weights(names: Groups) -> Logs:
    """Return how much each group counts: all groups of one model as much as those of another."""
    of = models(names)
    counts = Counter(of)
    return np.array([1.0 / counts[model] for model in of])


def models(groups: Groups) -> list[str]:
    """Return the model of each group."""
    return [str(name).partition("@")[0] for name in groups]


def weighted_median(values: Logs, weights: Logs) -> float:
    """Return the middle value; between two that share the middle, their mean."""
    order = np.argsort(values)
    share = np.cumsum(weights[order]) / weights.sum()
    low, high = np.searchsorted(share, [0.5 - 1e-9, 0.5 + 1e-9])
    ends = values[order][[low, min(high, len(values) - 1)]]
    return float(np.mean(ends))


def covered(label: str, inside: NDArray[np.bool_], groups: Groups) -> str:
    """Return one line: the share inside, where groups of a model count as much as others'."""
    names = np.unique(groups)
    shares = np.array([np.mean(inside[groups == name]) for name in names])
    share = np.average(shares, weights=group_weights(names))
    return f"| {label} | {len(groups)} | {len(names)} | {share:.0%} |"


def median(values: Logs) -> float:
    """Return the middle value."""
    return float(np.median(values))


def percent(log: float, *, signed: bool = False) -> str:
    """Return a logarithm of a factor as a share; infinite where most are told overloaded."""
    if np.isinf(log):
        return "overloaded"
    return f"{np.expm1(log):{'+' if signed else ''}.0%}"
