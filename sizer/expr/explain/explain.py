"""Why a condition holds for a candidate or not: every part of it with its value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from attrs import frozen

from sizer.expr.evaluate.evaluator import Evaluator
from sizer.expr.evaluate.rows import row_evaluator
from sizer.expr.language.cell import Cell
from sizer.expr.language.conversion import unconverted
from sizer.expr.language.expression import Expression
from sizer.expr.language.span import between, is_definition, span
from sizer.schema.answered.decision import Part, Role
from sizer.schema.metrics import registry

NONE: Mapping[str, Expression] = MappingProxyType({})


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
    wanted: bool


def explained(
    expression: Expression,
    row: Mapping[str, Cell],
    inputs: Callable[[str], Iterable[str]] = lambda _: (),
    own: Mapping[str, Expression] = NONE,
) -> Part:
    """Return a condition with the value of each of its parts.

    `inputs` says from which metrics another was computed: a truth value alone says little. `own`
    are the metrics that the expression's file defines.
    """
    reader = _Reader(expression.text, row_evaluator(row), inputs, own)
    return reader.condition(expression.tree.body, wanted=True)


def margin(expression: Expression, row: Mapping[str, Cell]) -> list[Atom]:
    """Return the atoms of a condition in the order in which they are written."""
    return [_atom(part) for part in explained(expression, row).atoms]


def _atom(part: Part) -> Atom:
    holds = part.value if isinstance(part.value, bool) else None
    if part.role == "truth":
        return Atom(part.text, holds, part.value, None, None, part.wanted is True)
    left, right = part.parts
    return Atom(part.text, holds, left.value, right.value, part.margin, part.wanted is True)


@frozen(eq=False)
class _Reader:
    text: str
    evaluator: Evaluator
    inputs: Callable[[str], Iterable[str]]
    own: Mapping[str, Expression]

    def condition(self, node: ast.expr, *, wanted: bool | None) -> Part:
        match node:
            case ast.BoolOp():
                parts = tuple(self.condition(part, wanted=wanted) for part in node.values)
                role: Role = "all" if isinstance(node.op, ast.And) else "any"
                return Part(self._written(node), self._value(node), role, parts, wanted)
            case ast.UnaryOp(op=ast.Not()):
                inner = self.condition(node.operand, wanted=None if wanted is None else not wanted)
                return Part(self._written(node), self._value(node), "not", (inner,), wanted)
            case ast.IfExp():
                return self._choice(node, wanted=wanted)
            case ast.Compare():
                return self._comparisons(node, wanted=wanted)
        parts = self._computed(node.id) if isinstance(node, ast.Name) else self._inner(node)
        return Part(self._written(node), self._value(node), "truth", parts, wanted)

    def _computed(self, metric: str) -> tuple[Part, ...]:
        names = (ast.Name(name, ast.Load()) for name in self.inputs(metric))
        return tuple(self._part(name.id, name, ()) for name in names)

    def _choice(self, node: ast.IfExp, *, wanted: bool | None) -> Part:
        test = self._value(node.test)
        asked = None if wanted is None else test is not False
        parts = (
            self.condition(node.test, wanted=asked),
            self.condition(node.body, wanted=wanted if test is True else None),
            self.condition(node.orelse, wanted=wanted if test is False else None),
        )
        return Part(self._written(node), self._value(node), "choice", parts, wanted)

    def _comparisons(self, node: ast.Compare, *, wanted: bool | None) -> Part:
        sides = pairwise((node.left, *node.comparators))
        steps = [
            self._comparison(operator, *each, wanted=wanted)
            for operator, each in zip(node.ops, sides, strict=True)
        ]
        if len(steps) == 1:
            return steps[0]
        return Part(self._written(node), self._value(node), "all", tuple(steps), wanted)

    def _comparison(
        self, operator: ast.cmpop, left: ast.expr, right: ast.expr, *, wanted: bool | None
    ) -> Part:
        ours, theirs = self._side(left), self._side(right)
        bound, value = (ours, theirs) if _is_bound(left) else (theirs, ours)
        mark = self.text[slice(*between(self.text, left, right))]
        return Part(
            text=f"{ours.text} {mark} {theirs.text}",
            value=self._value(ast.Compare(left, [operator], [right])),
            role="comparison",
            parts=(ours, theirs),
            wanted=wanted,
            margin=_distance(value.value, bound.value),
        )

    def _side(self, node: ast.expr, *, own: bool = False) -> Part:
        """Return a number; one within an own metric stands nowhere, so its tree says it."""
        if own:
            parts = () if isinstance(node, ast.Constant) else self._inner(node, own=True)
            return self._part(ast.unparse(node), node, parts)
        before = unconverted(node)
        if before is not None:
            inner, words = before
            parts = () if inner is None else (self._side(inner),)
            return Part(f"{self._written(node)} {words}", self._value(node), "value", parts)
        listed = isinstance(node, ast.Constant) and isinstance(node.value, tuple)
        if listed:
            return Part(self._written(node), None, "value", self._inner(node))
        return self._part(self._written(node), node, self._inner(node))

    def _part(self, text: str, node: ast.expr, parts: tuple[Part, ...]) -> Part:
        """Return a value; a metric's has its unit."""
        metric = registry().get(node.id) if isinstance(node, ast.Name) else None
        unit = str(metric.unit) if metric and metric.kind == "number" else None
        unit = self.own[text].unit if text in self.own else unit
        return Part(text, self._value(node), "value", parts, unit=unit)

    def _inner(self, node: ast.expr, *, own: bool = False) -> tuple[Part, ...]:
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            return ()
        own = own or is_definition(node)
        return tuple(self._side(child, own=own) for child in _operands(node))

    def _value(self, node: ast.expr) -> Cell:
        value: Cell = self.evaluator.value(node)
        return value

    def _written(self, node: ast.expr) -> str:
        return " ".join(self.text[slice(*span(node))].split())


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func):
            yield child


def _is_bound(node: ast.expr) -> bool:
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def _distance(value: Cell, bound: Cell) -> float | None:
    if not isinstance(value, float) or not isinstance(bound, float) or bound == 0:
        return None
    return abs(value - bound) / abs(bound)
