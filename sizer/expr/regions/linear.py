"""Numbers of a checked tree as sums: a factor for each term, and a constant.

What is not linear, such as a product of two metrics, is a term by itself.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import isfinite

from attrs import frozen


@frozen(eq=False, repr=False)
class Sum:
    """Factors of terms by name, and what is added to them."""

    factors: Mapping[str, float]
    constant: float

    def plus(self, other: Sum, sign: float = 1.0) -> Sum:
        """Return the sum of both, or their difference."""
        factors = dict(self.factors)
        for name, factor in other.factors.items():
            factors[name] = factors.get(name, 0.0) + sign * factor
        return Sum(factors, self.constant + sign * other.constant)

    def times(self, factor: float) -> Sum:
        """Return a multiple."""
        scaled = {name: each * factor for name, each in self.factors.items()}
        return Sum(scaled, self.constant * factor)


def difference(left: ast.expr, right: ast.expr) -> Sum | None:
    """Return left minus right, terms in order, none with the factor 0; None beyond all numbers."""
    found = _sum(left).plus(_sum(right), -1.0)
    kept = {name: found.factors[name] for name in sorted(found.factors) if found.factors[name]}
    finite = all(map(isfinite, (*kept.values(), found.constant)))
    return Sum(kept, found.constant) if finite else None


def term(node: ast.expr) -> str:
    """Return the name of a term: a metric's own, or the same for the same expression."""
    return node.id if isinstance(node, ast.Name) else ast.dump(node)


def _sum(node: ast.expr) -> Sum:
    match node:
        case ast.Constant(value=float() | int() as value):
            found = Sum({}, float(value))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            found = _sum(node.operand).times(-1.0 if isinstance(node.op, ast.USub) else 1.0)
        case ast.BinOp(op=ast.Add()):
            found = _sum(node.left).plus(_sum(node.right))
        case ast.BinOp(op=ast.Sub()):
            found = _sum(node.left).plus(_sum(node.right), -1.0)
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            found = _product(node)
        case _:
            found = Sum({term(node): 1.0}, 0.0)
    return found


def _product(node: ast.BinOp) -> Sum:
    left, right = _sum(node.left), _sum(node.right)
    if isinstance(node.op, ast.Mult) and not left.factors:
        return right.times(left.constant)
    if not right.factors and isinstance(node.op, ast.Mult):
        return left.times(right.constant)
    if not right.factors and right.constant:
        return left.times(1.0 / right.constant)
    return Sum({term(node): 1.0}, 0.0)
