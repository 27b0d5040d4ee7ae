"""The smallest changes of a candidate's metrics that turn a condition, found by evaluating it."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

from attrs import Factory, define, evolve, field, frozen

from sizer.expr.evaluate.evaluator import Evaluator
from sizer.expr.evaluate.rows import ROWS
from sizer.expr.explain.moves import Move, Thresholds, moved
from sizer.expr.language.cell import Cell
from sizer.expr.language.expression import Expression
from sizer.schema.answered.decision import Changes
from sizer.schema.asked.parameter import Names
from sizer.schema.metrics import Metric

Row = Mapping[str, Cell]
Way = tuple[Move, ...]
MOST_STEPS = 500_000  # parts evaluated for one condition, about a second


@frozen
class Flips:
    """Ways to turn a condition, the smallest first, each a set of changes that together suffice.

    `looked_at` is how many metrics were tried before the work was too much, None if all were.
    """

    ways: tuple[Changes, ...] = ()
    looked_at: int | None = None


def flips(expression: Expression, row: Row, names: Names, steps: int = MOST_STEPS) -> Flips:
    """Return ways to turn a condition, each found and tried by evaluating.

    What holds is made to fail, all else to hold. Each way is one change if one alone suffices; if
    none does, the only way is of several. `names` has the metrics of the expression.
    """
    trials = _Trials(row, steps)
    body = expression.tree.body
    found: list[Way] = []
    looked_at: int | None = 0
    try:
        turning = _Turning(body, names, trials.value(body, {}) is not True, trials)
        for name in turning.metrics:
            found.extend((move,) for move in turning.alone(name))
            looked_at = (looked_at or 0) + 1
        found = sorted(found, key=_size) or turning.together
        looked_at = None
    except _TooLongError:
        found = sorted(found, key=_size)
    ways = (tuple(move.change for move in way) for way in found)
    return Flips(tuple(ways), looked_at)


class _TooLongError(Exception):
    """The steps are spent."""


@define(eq=False)
class _Trials:
    """Evaluates parts for a row of which some values are changed; bounded in all its steps."""

    row: Row
    left: int
    changes: Row = field(default=Factory(dict))
    evaluator: Evaluator = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.evaluator = Evaluator(ROWS, self._cell)

    def value(self, node: ast.expr, changes: Row) -> Cell:
        """Return the value of a part. Raises _TooLongError after too many steps."""
        self.left -= sum(1 for _ in ast.walk(node))
        if self.left < 0:
            raise _TooLongError
        self.changes = changes
        value: Cell = self.evaluator.value(node)
        return value

    def _cell(self, name: str) -> Cell:
        return self.changes[name] if name in self.changes else self.row.get(name)


@frozen(eq=False)
class _Turning:
    """Turns a condition, or a part of one, into what is wanted."""

    node: ast.expr
    names: Names
    wanted: bool
    trials: _Trials

    @property
    def metrics(self) -> list[str]:
        """The metrics of the condition as they stand in it."""
        read = (node.id for node in ast.walk(self.node) if isinstance(node, ast.Name))
        return [name for name in dict.fromkeys(read) if isinstance(self.names.get(name), Metric)]

    @property
    def smallest(self) -> Way:
        """The smallest single move, or else several that together suffice."""
        alone = [(move,) for name in self.metrics for move in self.alone(name)]
        return min(alone, key=_size) if alone else next(iter(self.together), ())

    def alone(self, name: str) -> Iterator[Move]:
        """Yield the smallest move of a metric by itself, if there is one."""
        metric = self.names.get(name)
        if isinstance(metric, Metric):
            now = self.trials.row.get(name)
            move = moved(metric, now, self._landmarks, partial(self._turns_with, name))
            yield from [move] if move else []

    @property
    def together(self) -> list[Way]:
        """The moves of parts that suffice together, as the only way; none if they do not."""
        moves = self._of_parts()
        values = {move.change.metric: move.value for move in moves}
        return [moves] if moves and self._turns(values) else []

    def _of_parts(self) -> Way:
        match self.node:
            case ast.UnaryOp(op=ast.Not()) as node:
                return self._part(node.operand, wanted=not self.wanted).smallest
            case ast.BoolOp() as node:
                return self._joined(node.values, every=isinstance(node.op, ast.And) is self.wanted)
            case ast.Compare() as node if len(node.ops) > 1:
                return self._joined(_steps(node), every=self.wanted)
            case ast.IfExp() as node:
                taken = node.body if self.trials.value(node.test, {}) else node.orelse
                return self._part(taken, wanted=self.wanted).smallest
        return ()

    def _joined(self, nodes: Sequence[ast.expr], *, every: bool) -> Way:
        """Return what turns every part that is not as wanted, or the cheapest of them."""
        others = [node for node in nodes if self.trials.value(node, {}) is not self.wanted]
        ways = [self._part(node, wanted=self.wanted).smallest for node in others]
        if every:
            return tuple(dict.fromkeys(move for way in ways for move in way))
        return min((way for way in ways if way), key=_size, default=())

    def _part(self, node: ast.expr, *, wanted: bool) -> _Turning:
        return evolve(self, node=node, wanted=wanted)

    def _turns_with(self, name: str, value: Cell) -> bool:
        return self._turns({name: value})

    def _turns(self, values: Row) -> bool:
        return self.trials.value(self.node, values) is self.wanted

    @property
    def _landmarks(self) -> Thresholds:
        values: list[Cell] = []
        patterns = tuple(_patterns(self.node))
        for node in ast.walk(self.node):
            if isinstance(node, ast.Constant) and isinstance(node.value, tuple):
                values.extend(node.value)
            elif isinstance(node, ast.expr) and not _is_one_of(node, patterns):
                values.append(self.trials.value(node, {}))
        numbers = [each for each in values if isinstance(each, float)]
        texts = tuple(each for each in values if isinstance(each, str))
        return Thresholds(tuple(numbers), texts, patterns)


def _steps(chain: ast.Compare) -> list[ast.expr]:
    sides = pairwise((chain.left, *chain.comparators))
    return [
        ast.Compare(left, [operator], [right])
        for operator, (left, right) in zip(chain.ops, sides, strict=True)
    ]


def _patterns(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="matches"), args=[_, ast.Constant(value=str() as glob)]):
                yield glob


def _is_one_of(node: ast.expr, texts: Sequence[str]) -> bool:
    return isinstance(node, ast.Constant) and node.value in texts


def _size(way: Way) -> float:
    shares = (move.change.share for move in way)
    return sum(math.inf if share is None else abs(share) for share in shares)
