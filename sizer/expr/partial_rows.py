"""Rows of which some values are known, as regions; and conditions that hold for none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from math import inf

from sizer.expr.language.cell import Cell
from sizer.expr.language.expression import Expression
from sizer.expr.regions.comparison import alone
from sizer.expr.regions.regions import Box, Interval, Region, Values, both

_ASKING = frozenset({"is_known", "coalesce"})
Row = Mapping[str, Cell]


def holds_for_none(
    expression: Expression, region: Region, rows: Iterable[Row], limits: Mapping[str, float]
) -> bool:
    """Return whether a condition, true within a region, surely holds for no candidate.

    Every candidate agrees with a row, in which None may be anything, and keeps below the limits.
    """
    bounded: Box = {alone(name): (-inf, True, limit, False) for name, limit in limits.items()}
    return all(
        not both((region, (bounded,), (_box(row),))) or _is_false(expression, row) for row in rows
    )


def asks_what_is_known(expression: Expression) -> bool:
    """Return whether an estimate could turn an answer that is already known.

    What a profile leaves open is unknown in its rows, and only these functions tell that from a
    value.
    """
    calls = (node.func for node in ast.walk(expression.tree) if isinstance(node, ast.Call))
    return any(isinstance(each, ast.Name) and each.id in _ASKING for each in calls)


def _is_false(expression: Expression, row: Row) -> bool:
    if asks_what_is_known(expression):
        return False
    from sizer.expr.evaluate.rows import evaluate_row  # noqa: PLC0415  # it loads the evaluator

    return evaluate_row(expression, row) is False


def _box(row: Row) -> Box:
    box: dict[str, Interval | Values] = {}
    for name, cell in row.items():
        if isinstance(cell, bool | str):
            box[name] = (frozenset({cell}), frozenset())
        elif cell is not None:
            box[alone(name)] = (cell, False, cell, False)
    return box
