"""Where a checked condition is true, or false: its tree as a region."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from itertools import pairwise
from math import ceil, floor, inf, isfinite

from sizer.expr.regions.linear import Sum, difference, term
from sizer.expr.regions.regions import EVERYWHERE, NOWHERE, Interval, Region, both, either, within
from sizer.schema.asked.names import SPLIT
from sizer.schema.metrics import Metric

_OPPOSITE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
_INTERVALS: Mapping[type[ast.cmpop], Callable[[float], list[Interval]]] = {
    ast.Lt: lambda bound: [(-inf, True, bound, True)],
    ast.LtE: lambda bound: [(-inf, True, bound, False)],
    ast.Gt: lambda bound: [(bound, True, inf, True)],
    ast.GtE: lambda bound: [(bound, False, inf, True)],
    ast.Eq: lambda bound: [(bound, False, bound, False)],
    ast.NotEq: lambda bound: [(-inf, True, bound, True), (bound, True, inf, True)],
}
_ONE_OR_MORE = frozenset({*SPLIT, "gpus", "replicas"})
_SIGNED = frozenset({"1", "GiB"})  # units of which a metric may be below zero


def where(node: ast.expr, names: Mapping[str, Metric], *, holds: bool = True) -> Region:
    """Return where a condition is true, or with `holds` false where it is false.

    `names` are the metrics that it may read, by canonical name.
    """
    match node:
        case ast.Constant():
            return EVERYWHERE if node.value is holds else NOWHERE
        case ast.BoolOp():
            parts = [where(part, names, holds=holds) for part in node.values]
            return both(parts) if isinstance(node.op, ast.And) is holds else either(parts)
        case ast.UnaryOp(op=ast.Not()):
            return where(node.operand, names, holds=not holds)
        case ast.IfExp():
            yes, no = (where(part, names, holds=holds) for part in (node.body, node.orelse))
            tests = (where(node.test, names, holds=test) for test in (True, False))
            return either(map(both, zip(tests, (yes, no), strict=True)))
        case ast.Compare():
            parts = [_step(*step, names, holds=holds) for step in _steps(node)]
            return both(parts) if holds else either(parts)
    return within(term(node), (frozenset({holds}), frozenset()))


def _steps(node: ast.Compare) -> list[tuple[ast.expr, ast.cmpop, ast.expr]]:
    sides = pairwise((node.left, *node.comparators))
    return [(left, mark, right) for mark, (left, right) in zip(node.ops, sides, strict=True)]


def _step(
    left: ast.expr, mark: ast.cmpop, right: ast.expr, names: Mapping[str, Metric], *, holds: bool
) -> Region:
    operator = type(mark) if holds else _OPPOSITE[type(mark)]
    if isinstance(left, ast.Constant):
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    value = right.value if isinstance(right, ast.Constant) else None
    if isinstance(value, tuple):
        return _listed(left, operator, value, names)
    if isinstance(value, str):
        return _texts(left, operator, (value,), names)
    if isinstance(value, bool):
        return where(left, names, holds=value is issubclass(operator, ast.Eq))
    return _numbers(difference(left, right), operator, names)


def _listed(
    node: ast.expr,
    operator: type[ast.cmpop],
    values: tuple[object, ...],
    names: Mapping[str, Metric],
) -> Region:
    if isinstance(values[0], str):
        same = ast.Eq if operator is ast.In else ast.NotEq
        return _texts(node, same, values, names)
    sums = [difference(node, ast.Constant(value)) for value in values]  # type: ignore[arg-type]
    if operator is ast.In:
        return either(_numbers(each, ast.Eq, names) for each in sums)
    return both(_numbers(each, ast.NotEq, names) for each in sums)


def _texts(
    node: ast.expr,
    operator: type[ast.cmpop],
    values: tuple[object, ...],
    names: Mapping[str, Metric],
) -> Region:
    metric = names.get(node.id) if isinstance(node, ast.Name) else None
    known = frozenset(metric.members) if metric and metric.members else None
    asked = frozenset(values)
    if operator is ast.Eq:
        return within(term(node), (asked, frozenset()))
    return within(term(node), (known, asked))


def _numbers(total: Sum | None, operator: type[ast.cmpop], names: Mapping[str, Metric]) -> Region:
    """Return where a sum of terms compares with zero as an operator says."""
    if total is None:
        return EVERYWHERE
    factors, constant = total.factors, total.constant
    if not factors:
        fits = any(_has(each, 0.0) for each in _INTERVALS[operator](-constant))
        return EVERYWHERE if fits else NOWHERE
    lead = next(iter(factors.values()))
    if lead < 0:
        operator = _MIRRORED.get(operator, operator)
    bound = -constant / lead
    if not isfinite(bound):
        return EVERYWHERE
    scaled = "+".join(f"{factor / lead:.12g}*{name}" for name, factor in factors.items())
    intervals = _INTERVALS[operator](bound)
    if _is_whole(factors, names):
        intervals = [_whole(*each) for each in intervals]
    regions = (within(scaled, each) for each in intervals)
    return both((either(regions), within(scaled, _least(factors, names))))


def _has(interval: Interval, value: float) -> bool:
    low, low_open, high, high_open = interval
    above = value > low or (value == low and not low_open)
    return above and (value < high or (value == high and not high_open))


def _is_whole(factors: Mapping[str, float], names: Mapping[str, Metric]) -> bool:
    metric = names.get(next(iter(factors)))
    return len(factors) == 1 and metric is not None and metric.whole


def _whole(low: float, low_open: bool, high: float, high_open: bool) -> Interval:  # noqa: FBT001  # an interval's parts
    """Return the interval between the first and the last whole number of one."""
    first = low if not isfinite(low) else floor(low) + 1 if low_open else ceil(low)
    last = high if not isfinite(high) else ceil(high) - 1 if high_open else floor(high)
    return float(first), not isfinite(low), float(last), not isfinite(high)


def _least(factors: Mapping[str, float], names: Mapping[str, Metric]) -> Interval:
    """Return what a sum can be: anything where a factor is negative or a term is signed."""
    lead = next(iter(factors.values()))
    scaled = {name: factor / lead for name, factor in factors.items()}
    lows = [least_of(names[name]) if name in names else -inf for name in scaled]
    if min(scaled.values()) < 0:
        return -inf, True, inf, True
    low = sum(factor * each for factor, each in zip(scaled.values(), lows, strict=True))
    return low, False, inf, True


def alone(name: str) -> str:
    """Return what regions call a number that a metric is by itself."""
    return f"1*{name}"


def least_of(metric: Metric) -> float:
    """Return the least value that a metric can have: time, money and counts are not negative."""
    if metric.name in _ONE_OR_MORE:
        return 1.0
    return -inf if metric.kind != "number" or str(metric.unit) in _SIGNED else 0.0
