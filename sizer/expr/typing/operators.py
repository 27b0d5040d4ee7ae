"""Types of arithmetic, of `and`, `or`, `not` and of choices."""

from __future__ import annotations

import ast

from attrs import evolve

from sizer.expr.language import exclusions
from sizer.expr.language.kinds import LITERAL, TRUTH, Type
from sizer.expr.typing.inference import Inference
from sizer.units import NUMBER

_BARE = (None, NUMBER)
_SAME_UNIT = (ast.Add, ast.Sub, ast.Mod)


def unary(inference: Inference, node: ast.UnaryOp) -> Type | None:
    """Return the type of `not x`, `-x` or `+x`."""
    if isinstance(node.op, ast.Not):
        return TRUTH if inference.condition(node.operand) else None
    if isinstance(node.op, ast.Invert):
        inference.of(node.operand)
        return inference.refuse_operator(node.op, (node.col_offset, node.col_offset + 1))
    return inference.number(node.operand)


def binary(inference: Inference, node: ast.BinOp) -> Type | None:
    """Return the type of a sum, product or quotient."""
    if type(node.op) in exclusions.OPERATORS:
        inference.of(node.left)
        inference.of(node.right)
        return inference.refuse_between(node.op, node.left, node.right)
    left, right = inference.number(node.left), inference.number(node.right)
    if left is None or right is None:
        return None
    if isinstance(node.op, _SAME_UNIT):
        return inference.alike("combine", (node.left, left), (node.right, right))
    return _product(node.op, left, _alongside(inference, node, left, right))


def _alongside(inference: Inference, node: ast.BinOp, left: Type, right: Type) -> Type:
    """Return the second factor in the units of the first, so far as they measure the same.

    Where nothing else remains, the product is a bare number.
    """
    if left.unit in _BARE or right.unit in _BARE:
        return right
    multiplied = isinstance(node.op, ast.Mult)
    whole = NUMBER / left.unit if multiplied else left.unit
    share = right.unit.per(whole) is not None
    return inference.convert(node.right, right, whole if share else right.unit.beside(left.unit))


def _product(operator: ast.operator, left: Type, right: Type) -> Type:
    """Multiply the units; a literal times a bare number may still mean any unit.

    So `cost < 2.5 * gpus` stands: 2.5 are dollars an hour.
    """
    constant = left.constant and right.constant
    of = left.of if right == LITERAL else right.of if left == LITERAL else None
    literal = left.unit is None or right.unit is None
    if literal and left.measured == right.measured == NUMBER:
        return Type("number", None, constant)
    if isinstance(operator, ast.Mult):
        return Type("number", left.measured * right.measured, constant, of=of)
    return Type("number", left.measured / right.measured, constant, of=of)


def junction(inference: Inference, node: ast.BoolOp) -> Type | None:
    """Return the type of conditions joined by `and` or `or`."""
    found = [inference.condition(value) for value in node.values]
    return TRUTH if all(found) else None


def choice(inference: Inference, node: ast.IfExp) -> Type | None:
    """Return the type of `x if condition else y`."""
    test = inference.condition(node.test)
    found = inference.one_type([node.body, node.orelse])
    return evolve(found, constant=False) if test and found else None
