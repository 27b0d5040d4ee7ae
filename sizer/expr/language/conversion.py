"""A part of a checked tree in another unit: a product with a constant that nobody wrote."""

from __future__ import annotations

import ast

from attrs import frozen

from sizer.units import Unit


@frozen
class Conversion:
    """How many of a unit one of what is converted is."""

    factor: float
    unit: Unit


def converted(node: ast.expr, conversion: Conversion) -> ast.expr:
    """Return a part in another unit; it stands where the part does, its factor nowhere."""
    words = f"in {conversion.unit}"
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        value = ast.Constant(node.value * conversion.factor, kind=words)
        return ast.copy_location(value, node)
    factor = ast.copy_location(ast.Constant(conversion.factor, kind=words), node)
    factor.col_offset = node.end_col_offset or node.col_offset
    return ast.copy_location(ast.BinOp(node, ast.Mult(), factor), node)


def unconverted(node: ast.expr) -> tuple[ast.expr | None, str] | None:
    """Return what was converted, and words like `in GiB`; None for what is as it was written.

    Of a number nothing is left that was converted.
    """
    match node:
        case ast.Constant(kind=str() as words):
            return None, words
        case ast.BinOp(left=inner, right=ast.Constant(kind=str() as words)) if _is_nowhere(node):
            return inner, words
    return None


def _is_nowhere(product: ast.BinOp) -> bool:
    return product.right.col_offset == product.right.end_col_offset
