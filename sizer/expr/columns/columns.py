"""Evaluation of a block of candidates at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sizer.expr.columns.masks import COLUMNS, Truth
from sizer.expr.evaluate.evaluator import Evaluator
from sizer.expr.language.expression import Expression
from sizer.schema.table import Column


def evaluate(expression: Expression, columns: Mapping[str, Column]) -> Column:
    """Return the value for every row; `columns` holds at least the names of the expression.

    Truth values are int8 with 1, 0 and -1 for unknown; numbers float64 with NaN for unknown.
    """
    with np.errstate(all="ignore"):
        value = Evaluator(COLUMNS, columns.__getitem__).value(expression.tree.body)
    rows = len(next(iter(columns.values())))
    truth = expression.kind == "bool"
    result = np.empty(rows, dtype=np.int8 if truth else np.float64)
    result[:] = value.codes() if isinstance(value, Truth) else value
    return Column(result)
