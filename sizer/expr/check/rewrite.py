"""The canonical tree: metric names without aliases, numbers as floats, units as they meet."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from sizer.expr.language.conversion import Conversion, converted
from sizer.expr.language.literal import value_of
from sizer.expr.typing.atoms import TRUTHS
from sizer.schema.asked.parameter import Names
from sizer.schema.metrics import Metric

_HOLDS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


class _Canonical(ast.NodeTransformer):
    def __init__(self, names: Names, conversions: Mapping[ast.expr, Conversion]) -> None:
        self.names = names
        self.conversions = conversions
        self.used: set[str] = set()

    def visit(self, node: ast.AST) -> Any:
        conversion = self.conversions.get(node) if isinstance(node, ast.expr) else None
        visited = super().visit(node)
        return converted(visited, conversion) if conversion else visited

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast.NodeVisitor's own naming
        metric = self.names.get(node.id)
        if not isinstance(metric, Metric):
            return ast.copy_location(ast.Constant(TRUTHS[node.id]), node)
        self.used.add(metric.name)
        return ast.copy_location(ast.Name(metric.name, ast.Load()), node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.copy_location(ast.Constant(value_of(node)), node)

    def visit_Given(self, node: ast.Constant) -> ast.expr:
        return self.visit_Constant(node)

    def visit_Measured(self, node: ast.Constant) -> ast.expr:
        return self.visit_Constant(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        text = isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
        return _folded(node, truth=True) if text else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        node.left = self.visit(node.left)
        node.comparators = [self._operand(each) for each in node.comparators]
        return _without_texts(node)

    def _operand(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple | ast.List):
            values = tuple(self._listed(each) for each in node.elts)
            return ast.copy_location(ast.Constant(values), node)  # type: ignore[arg-type]
        visited: ast.expr = self.visit(node)
        return visited

    def _listed(self, node: ast.expr) -> float | bool | str | None:
        value, conversion = value_of(node), self.conversions.get(node)
        return value * conversion.factor if conversion and isinstance(value, float) else value


def _without_texts(node: ast.Compare) -> ast.expr:
    """Return a truth value for a comparison of texts that no metric takes part in."""
    values = [
        each.value for each in (node.left, *node.comparators) if isinstance(each, ast.Constant)
    ]
    if len(values) <= len(node.comparators) or not isinstance(values[0], str):
        return node
    steps = zip(node.ops, pairwise(values), strict=True)
    return _folded(node, truth=all(_HOLDS[type(step)](*sides) for step, sides in steps))


def _folded(node: ast.expr, *, truth: bool) -> ast.expr:
    return ast.copy_location(ast.Constant(truth), node)


def canonical(
    tree: ast.Expression, names: Names, conversions: Mapping[ast.expr, Conversion]
) -> tuple[ast.Expression, frozenset[str]]:
    """Return a checked tree in canonical form, in the units found, and the metrics it reads."""
    rewriter = _Canonical(names, conversions)
    rewritten = ast.Expression(rewriter.visit(tree.body))
    return rewritten, frozenset(rewriter.used)
