"""The canonical tree: metric names without aliases, numbers as floats, lists as constants."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from sizer.expr.atoms import TRUTHS
from sizer.expr.literal import value_of
from sizer.schema.metrics import Metric


class _Canonical(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, Metric]) -> None:
        self.names = names
        self.used: set[str] = set()

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast.NodeVisitor's own naming
        metric = self.names.get(node.id)
        if metric is None:
            return ast.copy_location(ast.Constant(TRUTHS[node.id]), node)
        self.used.add(metric.name)
        return ast.copy_location(ast.Name(metric.name, ast.Load()), node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.copy_location(ast.Constant(value_of(node)), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        node.left = self.visit(node.left)
        node.comparators = [self._operand(each) for each in node.comparators]
        return node

    def _operand(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple | ast.List):
            values = tuple(value_of(each) for each in node.elts)
            return ast.copy_location(ast.Constant(values), node)  # type: ignore[arg-type]
        visited: ast.expr = self.visit(node)
        return visited


def canonical(
    tree: ast.Expression, names: Mapping[str, Metric]
) -> tuple[ast.Expression, frozenset[str]]:
    """Return a checked tree in canonical form and the metrics that it reads."""
    rewriter = _Canonical(names)
    rewritten = ast.Expression(rewriter.visit(tree.body))
    return rewritten, frozenset(rewriter.used)
