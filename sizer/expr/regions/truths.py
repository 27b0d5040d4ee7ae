"""Where a checked condition is true, or false: its tree as a region."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from itertools import pairwise

from sizer.expr.language.glob import Pattern
from sizer.expr.regions.comparison import MIRRORED, Comparison
from sizer.expr.regions.linear import term
from sizer.expr.regions.regions import EVERYWHERE, NOWHERE, Region, both, either, within
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
Sides = tuple[Region, Region]


def where(node: ast.expr, names: Mapping[str, Metric], *, holds: bool = True) -> Region:
    """Return where a condition is true, or with `holds` false where it is false.

    `names` are the metrics that it may read, by canonical name.
    """
    true, false = sides(node, names)
    return true if holds else false


def sides(node: ast.expr, names: Mapping[str, Metric]) -> Sides:
    """Return where a condition is true, and where it is false; each part is looked at once."""
    match node:
        case ast.Constant():
            return (EVERYWHERE, NOWHERE) if node.value is True else (NOWHERE, EVERYWHERE)
        case ast.BoolOp():
            true, false = zip(*(sides(part, names) for part in node.values), strict=True)
            conjunction = isinstance(node.op, ast.And)
            return (both(true), either(false)) if conjunction else (either(true), both(false))
        case ast.UnaryOp(op=ast.Not()):
            true, false = sides(node.operand, names)
            return false, true
        case ast.IfExp():
            parts = [sides(part, names) for part in (node.test, node.body, node.orelse)]
            return _chosen(*parts)
        case ast.Compare():
            true, false = zip(*(_step(*step, names) for step in _steps(node)), strict=True)
            return both(true), either(false)
    return _asked(node, names)


def _asked(node: ast.expr, names: Mapping[str, Metric]) -> Sides:
    """Return where a truth value that is no comparison is true, and false."""
    match node:
        case ast.Call(func=ast.Name(id="matches"), args=[of, ast.Constant(value=str() as glob)]):
            true, false = (_like(of, Pattern(glob, like), names) for like in (False, True))
        case _:
            values = (frozenset({truth}) for truth in (True, False))
            true, false = (within(term(node), (each, frozenset())) for each in values)
    return true, false


def _chosen(test: Sides, yes: Sides, no: Sides) -> Sides:
    true, false = (
        either((both((test[0], here)), both((test[1], there))))
        for here, there in zip(yes, no, strict=True)
    )
    return true, false


def _steps(node: ast.Compare) -> list[tuple[ast.expr, ast.cmpop, ast.expr]]:
    pairs = pairwise((node.left, *node.comparators))
    return [(left, mark, right) for mark, (left, right) in zip(node.ops, pairs, strict=True)]


def _step(left: ast.expr, mark: ast.cmpop, right: ast.expr, names: Mapping[str, Metric]) -> Sides:
    operator = type(mark)
    if isinstance(left, ast.Constant):
        left, right, operator = right, left, MIRRORED.get(operator, operator)
    value = right.value if isinstance(right, ast.Constant) else None
    marks = operator, _OPPOSITE[operator]
    if isinstance(value, bool):
        true, false = sides(left, names)
        return (true, false) if value is (operator is ast.Eq) else (false, true)
    if isinstance(value, tuple):
        true, false = (_listed(left, each, value, names) for each in marks)
    elif isinstance(value, str):
        true, false = (_texts(left, each, (value,), names) for each in marks)
    else:
        found = Comparison.of(left, right, names)
        true, false = (found.region(each) for each in marks)
    return true, false


def _listed(
    node: ast.expr,
    operator: type[ast.cmpop],
    values: tuple[object, ...],
    names: Mapping[str, Metric],
) -> Region:
    if isinstance(values[0], str):
        same = ast.Eq if operator is ast.In else ast.NotEq
        return _texts(node, same, values, names)
    constants = [ast.Constant(value) for value in values]  # type: ignore[arg-type]
    found = [Comparison.of(node, each, names) for each in constants]
    if operator is ast.In:
        return either(each.region(ast.Eq) for each in found)
    return both(each.region(ast.NotEq) for each in found)


def _texts(
    node: ast.expr,
    operator: type[ast.cmpop],
    values: tuple[object, ...],
    names: Mapping[str, Metric],
) -> Region:
    asked = frozenset(values)
    if operator is ast.Eq:
        return within(term(node), (asked, frozenset()))
    return within(term(node), (_known(node, names), asked))


def _like(node: ast.expr, left_out: Pattern, names: Mapping[str, Metric]) -> Region:
    known = _known(node, names)
    if known is None:
        return within(term(node), (None, frozenset({left_out})))
    rest = frozenset(each for each in known if not left_out.leaves_out(each))
    return within(term(node), (rest, frozenset()))


def _known(node: ast.expr, names: Mapping[str, Metric]) -> frozenset[object] | None:
    metric = names.get(node.id) if isinstance(node, ast.Name) else None
    return frozenset(metric.members) if metric and metric.members else None
