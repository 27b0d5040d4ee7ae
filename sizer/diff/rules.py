"""Rules of two setups, compared by what they demand: parameters count with their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

from sizer.diff.setup import Setup
from sizer.expr.check import CompiledRule
from sizer.expr.language import Expression
from sizer.schema.answered.difference import Detail, Presence, RuleAdded, RuleChange, RuleOrder


def rule_differences(a: Setup, b: Setup) -> Iterator[Detail]:
    """Yield rules that came, went or changed."""
    before = {each.rule.id: each for each in a.question.policy.rules}
    after = {each.rule.id: each for each in b.question.policy.rules}
    yield from (Presence(name, "before") for name in before if name not in after)
    for name, rule in after.items():
        if name not in before:
            yield RuleAdded(name, rule.require.text, rule.rule.level)
        else:
            yield from _changed(name, before[name], rule)
    order = [
        [name for name in each if name in before and name in after] for each in (before, after)
    ]
    if order[0] != order[1]:
        yield RuleOrder()


def _changed(name: str, a: CompiledRule, b: CompiledRule) -> Iterator[RuleChange]:
    if _meaning(a.when) != _meaning(b.when):
        yield RuleChange(name, "when", _text(a.when), _text(b.when))
    if _meaning(a.require) != _meaning(b.require):
        yield RuleChange(name, "require", _text(a.require), _text(b.require))
    if a.rule.level != b.rule.level:
        yield RuleChange(name, "level", a.rule.level, b.rule.level)
    if a.rule.start != b.rule.start:
        was, now = (None if each is None else str(each) for each in (a.rule.start, b.rule.start))
        yield RuleChange(name, "from", was, now)


def _meaning(expression: Expression | None) -> str:
    return "" if expression is None else ast.dump(expression.tree)


def _text(expression: Expression | None) -> str | None:
    """Return an expression with the values of its parameters."""
    if expression is None:
        return None
    return ast.unparse(_Whole().visit(deepcopy(expression.tree)))


class _Whole(ast.NodeTransformer):
    """Writes a number without a fraction as people do; the checker made all of them floats."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:  # ast's name
        if isinstance(node.value, float) and node.value.is_integer():
            return ast.Constant(int(node.value))
        return node
