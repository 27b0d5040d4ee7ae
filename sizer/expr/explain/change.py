"""The smallest changes of a candidate's metrics that turn a condition, found by evaluating it."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

from attrs import evolve, frozen

from sizer.expr.evaluate.rows import evaluate_row, row_evaluator
from sizer.expr.explain.moves import Move, Thresholds, moved
from sizer.expr.language.cell import Cell
from sizer.expr.language.expression import Expression
from sizer.schema.answered.decision import Changes
from sizer.schema.asked.parameter import Names
from sizer.schema.metrics import Metric

Row = Mapping[str, Cell]
Way = tuple[Move, ...]


def flips(expression: Expression, row: Row, names: Names) -> tuple[Changes, ...]:
    """Return ways to turn a condition, the smallest first, each found and tried by evaluating.

    What holds is made to fail, all else to hold. Each way is one change if one alone suffices; if
    none does, the only way is of several. `names` has the metrics of the expression.
    """
    wanted = evaluate_row(expression, row) is not True
    ways = _Turning(expression, row, names, wanted).ways
    return tuple(tuple(move.change for move in way) for way in ways)


@frozen(eq=False)
class _Turning:
    """Turns a condition, or a part of one, into what is wanted."""

    expression: Expression
    row: Row
    names: Names
    wanted: bool

    @property
    def ways(self) -> list[Way]:
        """Single moves, or else several that together suffice."""
        alone = [(move,) for move in self._alone()]
        if alone:
            return sorted(alone, key=_size)
        together = self._together()
        values = {move.change.metric: move.value for move in together}
        return [together] if together and self._turns(values) else []

    def _alone(self) -> Iterator[Move]:
        landmarks = _landmarks(self.expression, self.row)
        nodes = ast.walk(self.expression.tree)
        for name in sorted({node.id for node in nodes if isinstance(node, ast.Name)}):
            metric = self.names.get(name)
            if isinstance(metric, Metric):
                move = moved(metric, self.row.get(name), landmarks, partial(self._turns_with, name))
                yield from [move] if move else []

    def _together(self) -> Way:
        match self.expression.tree.body:
            case ast.UnaryOp(op=ast.Not()) as node:
                return self._smallest(node.operand, wanted=not self.wanted)
            case ast.BoolOp() as node:
                return self._joined(node.values, every=isinstance(node.op, ast.And) is self.wanted)
            case ast.Compare() as node if len(node.ops) > 1:
                return self._joined(_steps(node), every=self.wanted)
            case ast.IfExp() as node:
                test = evaluate_row(self._part(node.test), self.row)
                taken = node.body if test else node.orelse
                return self._smallest(taken, wanted=self.wanted)
        return ()

    def _joined(self, nodes: Sequence[ast.expr], *, every: bool) -> Way:
        """Return what turns every part that is not as wanted, or the cheapest of them."""
        others = [
            node for node in nodes if evaluate_row(self._part(node), self.row) is not self.wanted
        ]
        ways = [self._smallest(node, wanted=self.wanted) for node in others]
        if every:
            return tuple(move for way in ways for move in way)
        return min((way for way in ways if way), key=_size, default=())

    def _smallest(self, node: ast.expr, *, wanted: bool) -> Way:
        ways = evolve(self, expression=self._part(node), wanted=wanted).ways
        return ways[0] if ways else ()

    def _part(self, node: ast.expr) -> Expression:
        return evolve(self.expression, tree=ast.Expression(node))

    def _turns_with(self, name: str, value: Cell) -> bool:
        return self._turns({name: value})

    def _turns(self, values: Row) -> bool:
        return evaluate_row(self.expression, {**self.row, **values}) is self.wanted


def _steps(chain: ast.Compare) -> list[ast.expr]:
    sides = pairwise((chain.left, *chain.comparators))
    return [
        ast.Compare(left, [operator], [right])
        for operator, (left, right) in zip(chain.ops, sides, strict=True)
    ]


def _landmarks(expression: Expression, row: Row) -> Thresholds:
    evaluator = row_evaluator(row)
    values: list[Cell] = []
    patterns = tuple(_patterns(expression.tree))
    for node in ast.walk(expression.tree.body):
        if isinstance(node, ast.Constant) and node.value in patterns:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, tuple):
            values.extend(node.value)
        elif isinstance(node, ast.expr):
            values.append(evaluator.value(node))
    numbers = [each for each in values if isinstance(each, float)]
    texts = tuple(each for each in values if isinstance(each, str))
    return Thresholds(tuple(numbers), texts, patterns)


def _patterns(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="matches"), args=[_, ast.Constant(value=str() as glob)]):
                yield glob


def _size(way: Way) -> float:
    shares = (move.change.share for move in way)
    return sum(math.inf if share is None else abs(share) for share in shares)
