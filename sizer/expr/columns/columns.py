"""Evaluation of all candidates at once, in blocks that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sizer.expr.columns.masks import COLUMNS, Truth
from sizer.expr.evaluate.evaluator import Evaluator
from sizer.expr.language.expression import Expression
from sizer.schema.table import Column

BLOCK_ROWS = 1 << 15


def evaluate(expression: Expression, columns: Mapping[str, Column]) -> Column:
    """Return the value for every row; `columns` holds at least the names of the expression.

    Truth values are int8 with 1, 0 and -1 for unknown; numbers float64 with NaN for unknown.
    """
    rows = len(next(iter(columns.values())))
    truth = expression.kind == "bool"
    result = np.empty(rows, dtype=np.int8 if truth else np.float64)
    with np.errstate(all="ignore"):
        for start in range(0, rows, BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            value = Evaluator(COLUMNS, _cells(columns, block)).value(expression.tree.body)
            result[block] = value.codes() if isinstance(value, Truth) else value
    return Column(result)


def _cells(columns: Mapping[str, Column], block: slice) -> Callable[[str], Column]:
    def cell(name: str) -> Column:
        column = columns[name]
        return Column(column.values[block], column.vocabulary)

    return cell
