"""Numbers with units, like `10 ms`: constants that fit only what has their unit."""

from __future__ import annotations

import ast

from sizer.expr.language.kinds import LITERAL, Type
from sizer.expr.text.lexis import Token, digits_of, unit_of
from sizer.expr.typing.inference import Inference
from sizer.units import Unit


class Measured(ast.Constant):
    """A number in the registry's unit, where a number with a unit stands."""

    unit: Unit


class _Measuring(ast.NodeTransformer):
    def __init__(self, found: dict[int, Token]) -> None:
        self.found = found

    def visit_Constant(self, node: ast.Constant) -> ast.expr:  # ast.NodeVisitor's own naming
        token = self.found.get(node.col_offset)
        if token is None:
            return node
        unit, factor = unit_of(token)
        value = Measured(float(node.value) * factor)  # type: ignore[arg-type]
        value.unit = unit
        return ast.copy_location(value, node)


def with_units(tree: ast.Expression, found: list[Token]) -> ast.Expression:
    """Return a tree, columns in characters, with the units that its numbers have."""
    measures = {token.start: token for token in found if token.kind == "measure"}
    if measures:
        tree.body = _Measuring(measures).visit(tree.body)
        _extend(tree, {each.start + len(digits_of(each)): each.end for each in measures.values()})
    return tree


def _extend(tree: ast.Expression, ends: dict[int, int]) -> None:
    """Let every part that ends in a number end behind its unit."""
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and node.end_col_offset in ends:
            node.end_col_offset = ends[node.end_col_offset]


def measured(_: Inference, node: Measured) -> Type:
    """Return the type of a number with a unit."""
    return Type(LITERAL.kind, node.unit, constant=True)
