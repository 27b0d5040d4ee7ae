"""Numbers of a checked tree as sums: a factor for each term, and a constant.

What is not linear, such as a product of two metrics, is a term by itself. Candidates are judged in
floating point, so a sum counts how often that rounds: what rounds may differ from its sum.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from math import frexp, isfinite

from attrs import evolve, frozen

_MOST_DOUBLINGS = 64
Terms = Mapping[str, float]


@frozen(eq=False, repr=False)
class Sum:
    """Factors of terms by name, and what is added to them.

    `rounded` is the number that the evaluator has for values of the terms, and `roundings` how
    many operations may round on the way. `one_way` says that no term is both added and subtracted,
    so that the rounded number, too, only grows or only falls with each.
    """

    factors: Mapping[str, float]
    constant: float
    rounded: Callable[[Terms], float]
    roundings: int = 0
    one_way: bool = True

    def plus(self, other: Sum) -> Sum:
        """Return the sum of both."""
        return self._joined(other, 1.0, operator.add)

    def minus(self, other: Sum) -> Sum:
        """Return the difference of both."""
        return self._joined(other, -1.0, operator.sub)

    def times(self, other: Sum) -> Sum:
        """Return the product with a sum without factors."""
        return self._scaled(other, other.constant, operator.mul)

    def over(self, other: Sum) -> Sum:
        """Return the quotient by a sum without factors that is not 0."""
        return self._scaled(other, 1.0 / other.constant, operator.truediv)

    def _joined(self, other: Sum, sign: float, operation: Callable[..., float]) -> Sum:
        factors = dict(self.factors)
        one_way = self.one_way and other.one_way
        for name, factor in other.factors.items():
            before = factors.get(name, 0.0)
            one_way &= before * sign * factor >= 0
            factors[name] = before + sign * factor
        if _cancels(self, other, factors):
            return constant(0.0)
        exact = not factors or _nothing(self) or _nothing(other)
        return Sum(
            factors,
            operation(self.constant, other.constant),
            _both(operation, self, other),
            self.roundings + other.roundings + (not exact),
            one_way,
        )

    def _scaled(self, other: Sum, factor: float, operation: Callable[..., float]) -> Sum:
        return Sum(
            {name: each * factor for name, each in self.factors.items()},
            operation(self.constant, other.constant),
            _both(operation, self, other),
            self.roundings + (bool(self.factors) and not _is_exact(factor)),
            self.one_way and (factor != 0 or not self.factors),
        )


def difference(left: Sum, right: Sum) -> Sum | None:
    """Return left minus right as a comparison sees it, which rounds no further.

    Its terms are in order, none with the factor 0; None beyond all numbers.
    """
    found = left.minus(right)
    factors = {name: found.factors[name] for name in sorted(found.factors) if found.factors[name]}
    if not all(map(isfinite, (*factors.values(), found.constant))):
        return None
    return evolve(found, factors=factors, roundings=left.roundings + right.roundings)


def constant(value: float) -> Sum:
    """Return a number that is the same for every candidate."""
    return Sum({}, value, lambda _: value)


def term(node: ast.expr) -> str:
    """Return the name of a term: a metric's own, or the same for the same expression."""
    return node.id if isinstance(node, ast.Name) else ast.dump(node)


def total(node: ast.expr) -> Sum:
    """Return a number as a sum."""
    match node:
        case ast.Constant(value=float() | int() as value):
            found = constant(float(value))
        case ast.UnaryOp(op=ast.USub()):
            found = total(node.operand).times(constant(-1.0))
        case ast.UnaryOp(op=ast.UAdd()):
            found = total(node.operand)
        case ast.BinOp(op=ast.Add()):
            found = total(node.left).plus(total(node.right))
        case ast.BinOp(op=ast.Sub()):
            found = total(node.left).minus(total(node.right))
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            found = _product(node) or _alone(node)
        case _:
            found = _alone(node)
    return found


def _product(node: ast.BinOp) -> Sum | None:
    left, right = total(node.left), total(node.right)
    if isinstance(node.op, ast.Mult) and not left.factors:
        return right.times(left)
    if not right.factors and isinstance(node.op, ast.Mult):
        return left.times(right)
    return left.over(right) if not right.factors and right.constant else None


def _alone(node: ast.expr) -> Sum:
    name = term(node)
    return Sum({name: 1.0}, 0.0, operator.itemgetter(name))


def _both(operation: Callable[..., float], left: Sum, right: Sum) -> Callable[[Terms], float]:
    return lambda terms: operation(left.rounded(terms), right.rounded(terms))


def _nothing(each: Sum) -> bool:
    return not each.factors and each.constant == 0


def _cancels(left: Sum, right: Sum, factors: Mapping[str, float]) -> bool:
    """Return whether the same number was taken from itself, which is 0 however it rounds."""
    plain = not (left.roundings or right.roundings or left.constant or right.constant)
    return plain and len(left.factors) == 1 and not any(factors.values())


def _is_exact(factor: float) -> bool:
    """Return whether a multiple has the digits of the number, whatever the number is."""
    share, doublings = frexp(factor)
    return abs(share) == 0.5 and 1 <= doublings <= _MOST_DOUBLINGS
