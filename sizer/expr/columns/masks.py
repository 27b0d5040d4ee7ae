"""Columns as the evaluator holds them.

A truth value is two masks, where it holds and where it does not; both are false where it is
unknown. A comparison with NaN is false both ways, so unknown needs no mask of its own, and
`not` only exchanges the two.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from attrs import frozen

from sizer.expr.evaluate.evaluator import Algebra
from sizer.expr.evaluate.rows import log2
from sizer.expr.language.cell import Cell
from sizer.expr.language.glob import is_like
from sizer.schema.table import Column, Values


@frozen(eq=False)
class Truth:
    """Where a condition holds and where it does not."""

    yes: Values
    no: Values

    def codes(self) -> Values:
        """Return 1, 0 and -1 for unknown."""
        return self.yes.view(np.int8) + (self.yes | self.no).view(np.int8) - np.int8(1)


@frozen(eq=False)
class Texts:
    """Codes into a vocabulary; -1 is unknown."""

    codes: Values
    vocabulary: tuple[str, ...]


def _read(column: Column) -> Values | Truth | Texts:
    values = column.values
    if column.vocabulary is not None:
        return Texts(values, column.vocabulary)
    if values.dtype in (np.int8, np.bool_):
        return Truth(values == 1, values == 0)
    return _finite(values.astype(np.float64, copy=False), fresh=False)


def _constant(value: Cell) -> Any:
    if isinstance(value, bool):
        return Truth(np.asarray(value), np.asarray(not value))
    return value if isinstance(value, str) else np.float64(value)


def _finite(numbers: Values, *, fresh: bool = True) -> Values:
    """Return the numbers with infinities made unknown; `fresh` ones are changed in place."""
    endless = np.isinf(numbers)
    if not endless.any():
        return numbers
    if not fresh or numbers.ndim == 0:
        return np.where(endless, np.nan, numbers)
    numbers[endless] = np.nan
    return numbers


def _number(combine: Callable[..., Values]) -> Callable[..., Values]:
    def combined(*numbers: Values) -> Values:
        return _finite(combine(*numbers))

    return combined


def _ordered(holds: Callable[..., Values], fails: Callable[..., Values]) -> Callable[..., Truth]:
    def compared(left: Values, right: Values) -> Truth:
        return Truth(holds(left, right), fails(left, right))

    return compared


def _and(left: Truth, right: Truth) -> Truth:
    return Truth(left.yes & right.yes, left.no | right.no)


def _or(left: Truth, right: Truth) -> Truth:
    return Truth(left.yes | right.yes, left.no & right.no)


def _not(truth: Truth) -> Truth:
    return Truth(truth.no, truth.yes)


def _equal(left: Any, right: Any) -> Truth:
    if isinstance(left, Truth):
        return _or(_and(left, right), _and(_not(left), _not(right)))
    if isinstance(left, str):
        left, right = right, left
    if isinstance(left, Texts):
        return _is_in(left, (right,))
    return Truth(left == right, (left < right) | (left > right))


def _is_in(cells: Values | Texts, members: tuple[Any, ...]) -> Truth:
    if isinstance(cells, Texts):
        return _where(cells, lambda word: word in members)
    return reduce(_or, (_equal(cells, np.float64(member)) for member in members))


def _matches(cells: Texts, pattern: str) -> Truth:
    return _where(cells, lambda word: is_like(word, pattern))


def _where(cells: Texts, holds: Callable[[str], bool]) -> Truth:
    """Return where a text is one that is asked for; each different text is asked once."""
    listed = np.array([holds(word) for word in (*cells.vocabulary, "")])
    known = cells.codes >= 0
    yes = listed[cells.codes] & known
    return Truth(yes, known & ~yes)


def _choose(test: Truth, yes: Any, no: Any) -> Any:
    if isinstance(yes, Truth):
        holds = (test.yes & yes.yes) | (test.no & no.yes)
        return Truth(holds, (test.yes & yes.no) | (test.no & no.no))
    chosen = np.where(test.yes, yes, no)
    unknown = ~(test.yes | test.no)
    if unknown.any():
        chosen[unknown] = np.nan
    return chosen


def _coalesce(first: Any, second: Any) -> Any:
    if isinstance(first, Truth):
        unknown = ~(first.yes | first.no)
        return Truth(first.yes | (unknown & second.yes), first.no | (unknown & second.no))
    return np.where(np.isnan(first), second, first)


def _is_known(cells: Any) -> Truth:
    if isinstance(cells, Truth):
        known = cells.yes | cells.no
    elif isinstance(cells, Texts):
        known = cells.codes >= 0
    else:
        known = ~np.isnan(cells)
    return Truth(known, ~known)


def _log2(numbers: Values) -> Values:
    """Take each logarithm as a row does: numpy's differs in the last bit on some processors."""
    flat = np.asarray(numbers)
    found = [log2(number) for number in flat.ravel().tolist()]
    return np.array(found).reshape(flat.shape)


def _over(pick: Callable[..., Values]) -> Callable[..., Values]:
    def picked(*numbers: Values) -> Values:
        return reduce(pick, numbers)

    return picked


COLUMNS = Algebra(
    read=_read,
    constant=_constant,
    operators={
        ast.And: _and,
        ast.Or: _or,
        ast.Not: _not,
        ast.USub: np.negative,
        ast.UAdd: np.positive,
        ast.Add: _number(np.add),
        ast.Sub: _number(np.subtract),
        ast.Mult: _number(np.multiply),
        ast.Div: _number(np.true_divide),
        ast.FloorDiv: _number(np.floor_divide),
        ast.Mod: _number(np.mod),
        ast.Lt: _ordered(np.less, np.greater_equal),
        ast.LtE: _ordered(np.less_equal, np.greater),
        ast.Gt: _ordered(np.greater, np.less_equal),
        ast.GtE: _ordered(np.greater_equal, np.less),
        ast.Eq: _equal,
        ast.NotEq: lambda left, right: _not(_equal(left, right)),
        ast.In: _is_in,
        ast.IfExp: _choose,
    },
    functions={
        "min": _over(np.minimum),
        "max": _over(np.maximum),
        "abs": np.abs,
        "ceil": np.ceil,
        "floor": np.floor,
        "round": np.rint,
        "log2": _log2,
        "coalesce": _coalesce,
        "is_known": _is_known,
        "matches": _matches,
    },
)
