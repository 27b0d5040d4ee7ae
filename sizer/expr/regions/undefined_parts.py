"""Parts of a checked expression that have no value, whatever the candidate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import inf

from sizer.expr.regions.linear import total

_DIVIDING = (ast.Div, ast.FloorDiv, ast.Mod)


def undefined(tree: ast.Expression) -> Iterator[tuple[ast.expr, str]]:
    """Yield each part that is unknown by itself, and why."""
    for node in ast.walk(tree):
        match node:
            case ast.BinOp() if isinstance(node.op, _DIVIDING) and _always(node.right) == 0:
                yield node, "this divides by zero"
            case ast.Call(func=ast.Name(id="log2"), args=[each]) if _least(each) <= 0:
                yield node, "numbers at or below 0 have no logarithm"


def _least(node: ast.expr) -> float:
    value = _always(node)
    return inf if value is None else value


def _always(node: ast.expr) -> float | None:
    """Return the value that a number has for every candidate; None if it may differ."""
    found = total(node)
    return None if found.factors else found.constant
