"""Parameters: a name that stands for a constant that somebody else may set."""

from __future__ import annotations

import ast

from sizer.expr.language.kinds import Type
from sizer.expr.typing.inference import Inference
from sizer.schema.asked.parameter import Names, Parameter


class Given(ast.Constant):
    """The value of a parameter, where its name stands."""

    parameter: Parameter


class _Filling(ast.NodeTransformer):
    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast.NodeVisitor's own naming
        parameter = self.names.get(node.id)
        if not isinstance(parameter, Parameter):
            return node
        value = Given(parameter.value)
        value.parameter = parameter
        return ast.copy_location(value, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        return node


def filled(tree: ast.Expression, names: Names) -> ast.Expression:
    """Return a tree with the values of parameters in it."""
    read = (names.get(node.id) for node in ast.walk(tree) if isinstance(node, ast.Name))
    if any(isinstance(each, Parameter) for each in read):
        tree.body = _Filling(names).visit(tree.body)
    return tree


def given(_: Inference, node: Given) -> Type:
    """Return the type of a parameter; it is no constant, as it differs between profiles."""
    return Type(node.parameter.kind, node.parameter.unit)


def switches(tree: ast.Expression) -> frozenset[str]:
    """Return the parameters of a filled tree that are texts or truth values."""
    found = (node.parameter for node in ast.walk(tree) if isinstance(node, Given))
    return frozenset(each.name for each in found if each.kind != "number")
