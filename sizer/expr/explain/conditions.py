"""The atomic conditions of an expression, each with what the whole says when it is forced."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import pairwise

from attrs import evolve, frozen

from sizer.expr.language.expression import Expression
from sizer.expr.language.span import is_definition, span
from sizer.expr.typing.atoms import TRUTHS


@frozen(eq=False)
class Condition:
    """One comparison, or a truth value by itself; `span` is where it stands in `whole.text`."""

    whole: Expression
    node: ast.expr

    @property
    def span(self) -> tuple[int, int]:
        """Offsets of its first character and past its last."""
        return span(self.node)

    @property
    def text(self) -> str:
        """The condition as it is written, on one line."""
        return " ".join(self.whole.text[slice(*self.span)].split())

    @property
    def alone(self) -> Expression:
        """The condition without what surrounds it."""
        return evolve(self.whole, tree=ast.Expression(self.node), kind="bool")

    def forced(self, *, truth: bool) -> Expression:
        """Return the whole with this condition replaced by a constant."""
        constant = ast.copy_location(ast.Constant(truth), self.node)
        tree = deepcopy(self.whole.tree, {id(self.node): constant})
        return evolve(self.whole, tree=tree)


def conditions(expression: Expression) -> tuple[Condition, ...]:
    """Return the atomic conditions in the order in which they are written.

    A chain such as `1 < tp <= 4` has one for each step; `true` and `false` as they stand are none.
    """
    tree = ast.Expression(_Unchained().visit(deepcopy(expression.tree.body)))
    whole = evolve(expression, tree=tree)
    found = [Condition(whole, node) for node in _atoms(tree.body)]
    return tuple(each for each in found if each.text not in TRUTHS)


def conjuncts(expression: Expression) -> tuple[Expression, ...]:
    """Return expressions that all hold where the whole does, the smallest that there are."""
    tree = _Unchained().visit(deepcopy(expression.tree.body))
    return tuple(_part(expression, each) for each in _joined(tree))


def _part(expression: Expression, tree: ast.expr) -> Expression:
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return evolve(expression, tree=ast.Expression(tree), names=expression.names & read)


def compared(expression: Expression) -> Iterator[frozenset[str]]:
    """Yield the metrics of each comparison, own metrics written out."""
    for node in ast.walk(expression.tree):
        if isinstance(node, ast.Compare):
            names = (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
            yield frozenset(names)


class _Unchained(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.expr:  # ast.NodeVisitor's own naming
        self.generic_visit(node)
        if len(node.ops) == 1:
            return node
        sides = pairwise((node.left, *node.comparators))
        steps = [_step(node, *each) for each in zip(node.ops, sides, strict=True)]
        return ast.copy_location(ast.BoolOp(ast.And(), list(steps)), node)


def _step(chain: ast.Compare, operator: ast.cmpop, sides: tuple[ast.expr, ast.expr]) -> ast.expr:
    step = ast.copy_location(ast.Compare(sides[0], [operator], [sides[1]]), chain)
    step.col_offset, step.end_col_offset = sides[0].col_offset, sides[1].end_col_offset
    return step


def _joined(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what is joined by `and`, or by `or` under a `not`."""
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            yield from (each for part in parts for each in _joined(part))
        case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.Or(), values=parts)):
            opposed = (ast.copy_location(ast.UnaryOp(ast.Not(), part), part) for part in parts)
            yield from (each for part in opposed for each in _joined(part))
        case _:
            yield node


def _atoms(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BoolOp():
            parts = node.values
        case ast.UnaryOp(op=ast.Not()):
            parts = [node.operand]
        case ast.IfExp():
            parts = [node.test, node.body, node.orelse]
        case _:
            yield node
            yield from _inside(node)
            return
    for part in parts:
        yield from _atoms(part)


def _inside(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the conditions within a number or a call, such as the test of a choice.

    Those of an own metric are not written here.
    """
    if is_definition(node):
        return
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.IfExp):
        yield from _atoms(node.test)
        children = (node.body, node.orelse)
    for child in children:
        match child:
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                yield from _atoms(child)
            case ast.expr():
                yield from _inside(child)
