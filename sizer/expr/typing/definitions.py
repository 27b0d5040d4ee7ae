"""Definitions: a name that stands for an expression over metrics."""

from __future__ import annotations

import ast
from copy import deepcopy

from sizer.expr.language.span import span
from sizer.expr.text.faults import REFUSED, Faults
from sizer.expr.text.limits import DEPTH, NODES
from sizer.schema.asked.definition import Definition
from sizer.schema.asked.parameter import Names


class _Expanding(ast.NodeTransformer):
    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast.NodeVisitor's own naming
        definition = self.names.get(node.id)
        if not isinstance(definition, Definition):
            return node
        tree = deepcopy(definition.tree)
        for part in ast.walk(tree):
            ast.copy_location(part, node)
        return tree

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        return node


def expanded(tree: ast.Expression, names: Names, faults: Faults) -> ast.Expression | None:
    """Return a tree with definitions in place of their names, or None after noting it is too large.

    Its size is counted before anything is copied: definitions that read each other twice double.
    """
    read = (names.get(node.id) for node in ast.walk(tree) if isinstance(node, ast.Name))
    if not any(isinstance(each, Definition) for each in read):
        return tree
    parts, depth = size(tree.body, names)
    if parts > NODES or depth > DEPTH:
        what = f"larger than {NODES} parts" if parts > NODES else f"nested more than {DEPTH} deep"
        said = f"with its own metrics written out the expression is {what}"
        faults.add(REFUSED, span(tree.body), said, "read fewer own metrics in it")
        return None
    tree.body = _Expanding(names).visit(tree.body)
    return tree


def size(body: ast.expr, names: Names) -> tuple[int, int]:
    """Return how many parts an expression has and how deep it is, definitions written out."""
    level: list[ast.AST] = [body]
    count = above = deepest = 0
    while level:
        parts = [node for node in level if isinstance(node, ast.expr)]
        sizes = [_size(node, names) for node in parts]
        count += sum(each for each, _ in sizes)
        deepest = max([deepest, *(above + depth for _, depth in sizes)])
        above += bool(parts)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return count, deepest


def _size(node: ast.expr, names: Names) -> tuple[int, int]:
    definition = names.get(node.id) if isinstance(node, ast.Name) else None
    return (definition.parts, definition.depth) if isinstance(definition, Definition) else (1, 1)
