"""Evaluation of one candidate: plain Python values, None for unknown."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from sizer.expr.evaluate.evaluator import Algebra, Evaluator
from sizer.expr.language.cell import Cell
from sizer.expr.language.expression import Expression
from sizer.expr.language.glob import is_like

Number = float | None
Truth = bool | None


def evaluate_row(expression: Expression, row: Mapping[str, Cell]) -> Cell:
    """Return the value for one candidate; a metric that the row lacks is unknown."""
    result: Cell = row_evaluator(row).value(expression.tree.body)
    return result


def row_evaluator(row: Mapping[str, Cell]) -> Evaluator:
    """Return an evaluator of the parts of checked trees for one candidate."""
    return Evaluator(ROWS, row.get)


def log2(number: float) -> float:
    """Return the logarithm to base 2, NaN at or below 0."""
    return math.log2(number) if number > 0 else math.nan


def _read(cell: Cell) -> Cell:
    if cell is None or isinstance(cell, bool | str):
        return cell
    return _finite(float(cell))


def _finite(number: float) -> Number:
    return number if math.isfinite(number) else None


def _known(combine: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function made unknown where an argument is."""

    def combined(*cells: Cell) -> Cell:
        return None if None in cells else combine(*cells)

    return combined


def _number(combine: Callable[..., float]) -> Callable[..., Number]:
    """Return the function made unknown where an argument is or the result is not finite."""

    def combined(*cells: Number) -> Number:
        if None in cells:
            return None
        try:
            return _finite(float(combine(*cells)))
        except (ZeroDivisionError, OverflowError):
            return None

    return combined


def _and(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _or(left: Truth, right: Truth) -> Truth:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _choose(test: Truth, yes: Cell, no: Cell) -> Cell:
    return None if test is None else yes if test else no


def _is_in(cell: Cell, members: tuple[Cell, ...]) -> Truth:
    return None if cell is None else cell in members


def _matches(cell: Cell, pattern: str) -> Truth:
    return is_like(cell, pattern) if isinstance(cell, str) else None


def _coalesce(first: Cell, second: Cell) -> Cell:
    return second if first is None else first


def _is_known(cell: Cell) -> bool:
    return cell is not None


ROWS = Algebra(
    read=_read,
    constant=lambda value: value,
    operators={
        ast.And: _and,
        ast.Or: _or,
        ast.Not: _known(operator.not_),
        ast.USub: _known(operator.neg),
        ast.UAdd: _known(operator.pos),
        ast.Add: _number(operator.add),
        ast.Sub: _number(operator.sub),
        ast.Mult: _number(operator.mul),
        ast.Div: _number(operator.truediv),
        ast.FloorDiv: _number(operator.floordiv),
        ast.Mod: _number(operator.mod),
        ast.Lt: _known(operator.lt),
        ast.LtE: _known(operator.le),
        ast.Gt: _known(operator.gt),
        ast.GtE: _known(operator.ge),
        ast.Eq: _known(operator.eq),
        ast.NotEq: _known(operator.ne),
        ast.In: _is_in,
        ast.IfExp: _choose,
    },
    functions={
        "min": _known(min),
        "max": _known(max),
        "abs": _number(abs),
        "ceil": _number(math.ceil),
        "floor": _number(math.floor),
        "round": _number(round),
        "log2": _number(log2),
        "coalesce": _coalesce,
        "is_known": _is_known,
        "matches": _matches,
    },
)
