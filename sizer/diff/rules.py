"""Rules of two setups, compared by what they demand: parameters count with their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

from sizer.diff.setup import Setup
from sizer.diff.words import shown
from sizer.expr.check import CompiledRule
from sizer.expr.language import Expression


def rule_differences(a: Setup, b: Setup) -> Iterator[str]:
    """Yield rules that came, went or changed, like `slo.pace: require itl_ms <= 5 -> <= 8`."""
    before = {each.rule.id: each for each in a.question.policy.rules}
    after = {each.rule.id: each for each in b.question.policy.rules}
    yield from (f"without {name}" for name in before if name not in after)
    for name, rule in after.items():
        if name not in before:
            yield f"with {name}: {shown(rule.require.text)} ({rule.rule.level})"
        else:
            yield from _changed(name, before[name], rule)
    order = [
        [name for name in each if name in before and name in after] for each in (before, after)
    ]
    if order[0] != order[1]:
        yield "another order"


def _changed(name: str, a: CompiledRule, b: CompiledRule) -> Iterator[str]:
    for part, mine, theirs in (("when", a.when, b.when), ("require", a.require, b.require)):
        if _meaning(mine) != _meaning(theirs):
            yield f"{name}: {part} {_text(mine)} -> {_text(theirs)}"
    if a.rule.level != b.rule.level:
        yield f"{name}: level {a.rule.level} -> {b.rule.level}"


def _meaning(expression: Expression | None) -> str:
    return "" if expression is None else ast.dump(expression.tree)


def _text(expression: Expression | None) -> str:
    """Return an expression with the values of its parameters."""
    return (
        "always"
        if expression is None
        else shown(ast.unparse(_Whole().visit(deepcopy(expression.tree))))
    )


class _Whole(ast.NodeTransformer):
    """Writes a number without a fraction as people do; the checker made all of them floats."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:  # ast's name
        if isinstance(node.value, float) and node.value.is_integer():
            return ast.Constant(int(node.value))
        return node
