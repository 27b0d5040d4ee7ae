"""Why a condition holds for a candidate or not: its single comparisons with their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import pairwise

from attrs import frozen

from sizer.expr.cell import Cell
from sizer.expr.compiled import Expression
from sizer.expr.evaluator import Evaluator
from sizer.expr.rows import row_evaluator
from sizer.expr.span import between, span


@frozen
class Atom:
    """One comparison, or a metric that is a condition by itself.

    `wanted` is what `holds` must be for the whole to gain: false under a `not`. `margin` is the
    distance to the bound as a part of the bound; None for texts, unknowns and a bound of 0.
    """

    text: str
    holds: bool | None
    left: Cell
    right: Cell
    margin: float | None
    wanted: bool = True


def margin(expression: Expression, row: Mapping[str, Cell]) -> list[Atom]:
    """Return the atoms of a condition in the order in which they are written."""
    return list(_Reader(expression.text, row_evaluator(row)).atoms(expression.tree.body))


@frozen(eq=False)
class _Reader:
    text: str
    evaluator: Evaluator

    def atoms(self, node: ast.expr, *, wanted: bool = True) -> Iterator[Atom]:
        match node:
            case ast.BoolOp():
                for part in node.values:
                    yield from self.atoms(part, wanted=wanted)
            case ast.UnaryOp(op=ast.Not()):
                yield from self.atoms(node.operand, wanted=not wanted)
            case ast.IfExp():
                yield from self._choice(node, wanted=wanted)
            case ast.Compare():
                yield from self._comparison(node, wanted=wanted)
            case _:
                value = self.evaluator.value(node)
                yield Atom(self._written(node), value, value, None, None, wanted)

    def _choice(self, node: ast.IfExp, *, wanted: bool) -> Iterator[Atom]:
        test = self.evaluator.value(node.test)
        yield from self.atoms(node.test, wanted=test is not False)
        if test is not None:
            yield from self.atoms(node.body if test else node.orelse, wanted=wanted)

    def _comparison(self, node: ast.Compare, *, wanted: bool) -> Iterator[Atom]:
        steps = zip(node.ops, pairwise((node.left, *node.comparators)), strict=True)
        for operator, (left, right) in steps:
            listed = isinstance(operator, ast.In | ast.NotIn)
            step = ast.Compare(left, [operator], [right])
            ours = self.evaluator.value(left)
            theirs = None if listed else self.evaluator.value(right)
            bound, value = (ours, theirs) if _is_bound(left) else (theirs, ours)
            mark = self.text[slice(*between(self.text, left, right))]
            text = f"{self._written(left)} {mark} {self._written(right)}"
            holds = self.evaluator.value(step)
            yield Atom(text, holds, ours, theirs, _distance(value, bound), wanted)

    def _written(self, node: ast.expr) -> str:
        return " ".join(self.text[slice(*span(node))].split())


def _is_bound(node: ast.expr) -> bool:
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def _distance(value: Cell, bound: Cell) -> float | None:
    if not isinstance(value, float) or not isinstance(bound, float) or bound == 0:
        return None
    return abs(value - bound) / abs(bound)
