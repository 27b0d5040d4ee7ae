"""Constants as they stand in a list."""

from __future__ import annotations

import ast


def value_of(node: ast.expr) -> float | bool | str | None:
    """Return the value of a constant or of a number with a sign, None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        number = value_of(node.operand)
        if isinstance(number, bool) or not isinstance(number, float):
            return None
        return -number if isinstance(node.op, ast.USub) else number
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool | str):
        return value
    return float(value) if isinstance(value, int | float) else None
