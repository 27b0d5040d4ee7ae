"""The one walk over a checked tree, for rows and columns alike.

simpleeval's nodes that could reach an object's attributes, items or text formatting are removed,
and so are all its functions and operators: what remains is the algebra that is given.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise
from typing import Any

from attrs import frozen
from simpleeval import SimpleEval


@frozen
class Algebra:
    """How values of one representation are read, combined and chosen between.

    `operators` has the classes of `ast` as keys; `ast.IfExp` is the choice (test, yes, no) and
    `ast.In` takes the tuple of constants as it stands.
    """

    read: Callable[[Any], Any]
    constant: Callable[[Any], Any]
    operators: Mapping[type[ast.AST], Callable[..., Any]]
    functions: Mapping[str, Callable[..., Any]]


class Evaluator(SimpleEval):  # type: ignore[misc]  # simpleeval has no types
    """Evaluates checked trees over the cells of `cells`, which is called with metric names."""

    def __init__(self, algebra: Algebra, cells: Callable[[str], Any]) -> None:
        """Start with an algebra's operators and functions, and nothing else."""
        super().__init__(dict(algebra.operators), dict(algebra.functions))
        self.algebra = algebra
        self.cells = cells
        self.nodes = {
            ast.Constant: self._eval_constant,
            ast.Name: self._eval_name,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._eval_boolop,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._eval_ifexp,
            ast.Call: self._eval_call,
        }

    def value(self, node: ast.expr) -> Any:
        """Return the value of a checked part in the algebra's representation."""
        return self._eval(node)

    def _eval_constant(self, node: ast.Constant) -> Any:
        return self.algebra.constant(node.value)

    def _eval_name(self, node: ast.Name) -> Any:
        return self.algebra.read(self.cells(node.id))

    def _eval_boolop(self, node: ast.BoolOp) -> Any:
        return reduce(self.operators[type(node.op)], [self._eval(part) for part in node.values])

    def _eval_compare(self, node: ast.Compare) -> Any:
        first = node.ops[0]
        if isinstance(first, ast.In | ast.NotIn):
            found = self.operators[ast.In](self._eval(node.left), _members(node))
            return found if isinstance(first, ast.In) else self.operators[ast.Not](found)
        parts = [self._eval(part) for part in (node.left, *node.comparators)]
        steps = zip(node.ops, pairwise(parts), strict=True)
        truths = [self.operators[type(step)](*sides) for step, sides in steps]
        return reduce(self.operators[ast.And], truths)

    def _eval_ifexp(self, node: ast.IfExp) -> Any:
        parts = (node.test, node.body, node.orelse)
        return self.operators[ast.IfExp](*[self._eval(part) for part in parts])


def _members(node: ast.Compare) -> Any:
    listed = node.comparators[0]
    return listed.value if isinstance(listed, ast.Constant) else ()
