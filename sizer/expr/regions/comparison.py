"""Where two numbers compare as an operator says: intervals of the term that they hang on.

Every bound is that of the evaluator, which rounds. One term alone has its edge found by evaluating.
Sums that round once, at most, are intervals of that sum. Any other is a term by itself.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import ceil, floor, inf, isfinite

from attrs import frozen

from sizer.expr.regions.linear import Sum, difference, term, total
from sizer.expr.regions.regions import EVERYWHERE, NOWHERE, Interval, Region, both, either, within
from sizer.schema.asked.names import SPLIT
from sizer.schema.metrics import Metric

MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
_ONE_OR_MORE = frozenset({*SPLIT, "gpus", "replicas"})
_SIGNED = frozenset({"memory_headroom_gib", "memory_headroom_share"})  # below 0 if it does not fit
_ANY: Interval = (-inf, True, inf, True)


@frozen(eq=False, repr=False)
class Comparison:
    """Two numbers; `total` is their difference as a sum, `name` the term that it hangs on.

    `below` is the first value of the term that is not less than asked, `above` the last that is
    not more; `rising` says that the left side is less where the term is less. `can` is what the
    term can be. Without `total` nothing is known.
    """

    total: Sum | None
    name: str = ""
    below: float = inf
    above: float = -inf
    rising: bool = True
    can: Interval = _ANY
    whole: bool = False

    @classmethod
    def of(cls, left: ast.expr, right: ast.expr, names: Mapping[str, Metric]) -> Comparison:
        """Return the comparison of two parts of a checked tree, by the metrics that it may read."""
        ours, theirs = total(left), total(right)
        found = difference(ours, theirs)
        if found is None or not (found.factors or found.roundings):
            return cls(found)
        bound = _plain_bound(found, ours, theirs)
        if len(found.factors) == 1 and found.one_way:
            return _of_one_term(found, ours, theirs, bound, names)
        if bound is not None:
            return _of_sum(found, bound, names)
        return _by_itself(found, (left, ours), (right, theirs), names)

    def region(self, operator: type[ast.cmpop]) -> Region:
        """Return where the numbers compare as an operator says."""
        if self.total is None:
            return EVERYWHERE
        if not self.name:
            fits = any(_has(each, 0.0) for each in _intervals(operator, -self.total.constant))
            return EVERYWHERE if fits else NOWHERE
        asked = operator if self.rising else MIRRORED.get(operator, operator)
        intervals = _intervals(asked, self.below, self.above)
        found = (within(self.name, _whole(*each) if self.whole else each) for each in intervals)
        return both((either(found), within(self.name, self.can)))


def _intervals(
    operator: type[ast.cmpop], below: float, above: float | None = None
) -> list[Interval]:
    """Return where a term is, from the first that is not less and the last that is not more."""
    last = below if above is None else above
    less: Interval = (-inf, True, below, True)
    more: Interval = (last, True, inf, True)
    found: Mapping[type[ast.cmpop], list[Interval]] = {
        ast.Lt: [less],
        ast.LtE: [(-inf, True, last, False)],
        ast.Gt: [more],
        ast.GtE: [(below, False, inf, True)],
        ast.Eq: [(below, False, last, False)],
        ast.NotEq: [less, more],
    }
    return found[operator]


def _plain_bound(found: Sum, ours: Sum, theirs: Sum) -> float | None:
    """Return the bound of a sum over its first factor, None unless the evaluator has the same.

    It has where what is compared with a constant is one rounded sum, or where nothing rounds.
    """
    aside = not (theirs.factors or ours.constant) or not (ours.factors or theirs.constant)
    summed = found.roundings == 1 and len(found.factors) > 1 and aside
    if not found.one_way or not (summed or (not found.roundings and (aside or not found.constant))):
        return None
    lead = _lead(found)
    bound = -found.constant / lead
    return bound if isfinite(bound) and bound * lead == -found.constant else None


def _of_one_term(
    found: Sum, ours: Sum, theirs: Sum, bound: float | None, names: Mapping[str, Metric]
) -> Comparison:
    (name,) = found.factors
    rising = _lead(found) > 0
    if bound is None:
        from sizer.expr.regions.edges import edges  # noqa: PLC0415  # few comparisons round

        near = -found.constant / _lead(found)
        below, above = edges(ours, theirs, name, near, rising=rising)
    else:
        below = above = bound
    metric = names.get(name)
    can = (least_of(metric), False, most_of(metric), False) if metric else _ANY
    whole = metric is not None and metric.whole
    return Comparison(found, alone(name), below, above, rising, can, whole)


def _of_sum(found: Sum, bound: float, names: Mapping[str, Metric]) -> Comparison:
    """Return the comparison of a sum that is rounded once with a bound."""
    lead = _lead(found)
    scaled = {name: factor / lead for name, factor in found.factors.items()}
    name = "+".join(f"{factor:.12g}*{name}" for name, factor in scaled.items())
    low = -inf
    if min(scaled.values()) > 0:
        low = sum(factor * _least(name, names) for name, factor in scaled.items())
    return Comparison(found, name, bound, bound, lead > 0, (low, False, inf, True))


def _by_itself(
    found: Sum,
    left: tuple[ast.expr, Sum],
    right: tuple[ast.expr, Sum],
    names: Mapping[str, Metric],
) -> Comparison:
    """Return the comparison of a number, as it is rounded, with a constant; or of two numbers."""
    (here, ours), (there, theirs) = left, right
    if not theirs.factors:
        bound, can = theirs.constant, _range(ours, names)
        return Comparison(found, alone(term(here)), bound, bound, can=can)
    if not ours.factors:
        bound, can = ours.constant, _range(theirs, names)
        return Comparison(found, alone(term(there)), bound, bound, rising=False, can=can)
    first, second = sorted((term(here), term(there)))
    return Comparison(found, f"{first} - {second}", 0.0, 0.0, rising=first == term(here))


def _range(found: Sum, names: Mapping[str, Metric]) -> Interval:
    """Return what a number can be, if it only grows, or only falls, with each of its terms."""
    least = {name: _least(name, names) for name in found.factors}
    signs = {factor > 0 for factor in found.factors.values()}
    if not found.one_way or len(signs) != 1 or not all(map(isfinite, least.values())):
        return _ANY
    end = found.rounded(least)
    if not isfinite(end):
        return _ANY
    return (end, False, inf, True) if True in signs else (-inf, True, end, False)


def _lead(found: Sum) -> float:
    return next(iter(found.factors.values()))


def _has(interval: Interval, value: float) -> bool:
    low, low_open, high, high_open = interval
    above = value > low or (value == low and not low_open)
    return above and (value < high or (value == high and not high_open))


def _whole(low: float, low_open: bool, high: float, high_open: bool) -> Interval:  # noqa: FBT001  # an interval's parts
    """Return the interval between the first and the last whole number of one."""
    first = low if not isfinite(low) else floor(low) + 1 if low_open else ceil(low)
    last = high if not isfinite(high) else ceil(high) - 1 if high_open else floor(high)
    return float(first), not isfinite(low), float(last), not isfinite(high)


def alone(name: str) -> str:
    """Return what regions call a number that a metric is by itself."""
    return f"1*{name}"


def _least(name: str, names: Mapping[str, Metric]) -> float:
    return least_of(names[name]) if name in names else -inf


def least_of(metric: Metric) -> float:
    """Return the least value that a metric can have: time, money and counts are not negative."""
    if metric.name in _ONE_OR_MORE:
        return 1.0
    signed = metric.kind != "number" or (metric.end_of or metric.name) in _SIGNED
    return -inf if signed else 0.0


def most_of(metric: Metric) -> float:
    """Return the largest value that a metric can have: a share is at most the whole."""
    return 1.0 if (metric.end_of or metric.name).endswith("_share") else inf
