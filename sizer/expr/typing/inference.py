"""Names, types and units of an expression, all faults at once.

A part that is at fault has the type None, and what contains it says nothing more about it; so
what notes a fault of a part returns that None.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from attrs import Factory, evolve, field, frozen

from sizer.expr.language import exclusions
from sizer.expr.language.conversion import Conversion
from sizer.expr.language.kinds import Type, joined, named
from sizer.expr.language.literal import value_of
from sizer.expr.language.span import between, span
from sizer.expr.text.faults import CONSTANT, REFUSED, TYPE, UNIT, Faults
from sizer.schema.asked.parameter import Names
from sizer.schema.metrics import Scope
from sizer.units import NUMBER, Unit, spelled

Part = tuple[ast.expr, Type]

_WHOSE: Mapping[Scope, str] = {
    "accelerator": "one accelerator",
    "replica": "one replica",
    "model": "a whole model",
    "request": "one request",
    "all replicas": "all replicas",
}
_SAME = "both sides need to be of the same"
_FACTORS: Mapping[frozenset[Scope], str] = {
    frozenset(("replica", "all replicas")): "multiply what is of one replica by `replicas`",
    frozenset(("accelerator", "all replicas")): "multiply what is of one accelerator by `gpus`",
    frozenset(("accelerator", "replica")): (
        "multiply what is of one accelerator by `gpus / replicas`"
    ),
    frozenset(("accelerator", "model")): "multiply what is of one accelerator by `tp * pp`",
    frozenset(("request", "all replicas")): "multiply what is of one request by `concurrency`",
}


@frozen(eq=False, repr=False)
class Inference:
    """Finds the type of each part and notes what is wrong with it.

    `grammar` says, for each kind of node that the language has, how its type is found;
    `conversions` are the parts that must be converted to the unit of what they meet.
    """

    names: Names
    faults: Faults
    grammar: Mapping[type[ast.expr], Callable[[Inference, Any], Type | None]]
    conversions: dict[ast.expr, Conversion] = field(default=Factory(dict))

    def of(self, node: ast.expr) -> Type | None:
        """Return the type of a part, or None when it is at fault."""
        rule = self.grammar.get(type(node))
        return self.refuse(node) if rule is None else rule(self, node)

    def condition(self, node: ast.expr) -> Type | None:
        """Return the type of a part that must be true or false, by the metrics that it reads."""
        found = self.of(node)
        if found is None:
            return None
        if found.kind != "bool":
            remedy = "compare it with something, like `... > 0`"
            return self.wrong(TYPE, node, f"{named(found.kind)} is not a condition", remedy)
        if found.constant:
            message = "this reads no metric, so it is always the same"
            return self.wrong(CONSTANT, node, message, "remove it or name a metric")
        return found

    def number(self, node: ast.expr) -> Type | None:
        """Return the type of a part that must be a number."""
        found = self.of(node)
        if found is not None and found.kind != "number":
            return self.wrong(TYPE, node, f"a number is needed here, not {named(found.kind)}")
        return found

    def one_type(self, nodes: list[ast.expr]) -> Type | None:
        """Return the type that all parts have: numbers of one unit, or truth values."""
        found = [(node, self._no_text(node)) for node in nodes]
        sound = [(node, each) for node, each in found if each is not None]
        if len(sound) < len(found):
            return None
        result = sound[0]
        for part in sound[1:]:
            both = self._unified(result, part)
            if both is None:
                return None
            result = (part[0], both)
        return result[1]

    def alike(self, verb: str, left: Part, right: Part) -> Type | None:
        """Return the common type of two numbers; the second is converted to the unit of the first.

        They must measure the same.
        """
        ours, theirs = left[1].unit, right[1].unit
        if ours is None or theirs is None:
            if self._is_ambiguous(left, right):
                return None
        elif ours != theirs and theirs.per(ours) is None:
            where = (left[0].col_offset, span(right[0])[1])
            message = f"cannot {verb} {_said(ours)} with {_said(theirs)}"
            self.faults.add(UNIT, where, message, "both sides need the same unit")
            return None
        else:
            right = right[0], self.convert(*right, ours)
        here, there = left[1].of, right[1].of
        if here is not None and there is not None and here != there:
            where = (left[0].col_offset, span(right[0])[1])
            message = f"cannot {verb} what is of {_WHOSE[here]} with what is of {_WHOSE[there]}"
            self.faults.add(UNIT, where, message, _FACTORS.get(frozenset((here, there)), _SAME))
            return None
        return joined(left[1], right[1])

    def convert(self, node: ast.expr, found: Type, unit: Unit) -> Type:
        """Note that a number must be converted to a unit that measures the same."""
        if found.unit == unit:
            return found
        factor = found.measured.per(unit)
        if factor is None:
            return found
        self.conversions[node] = Conversion(factor, unit)
        return evolve(found, unit=unit)

    def as_converted(self, node: ast.expr, found: Type | None) -> Type | None:
        """Return the type of a part as it is after its conversion, if it has one."""
        conversion = self.conversions.get(node)
        return evolve(found, unit=conversion.unit) if found and conversion else found

    def wrong(
        self, code: str, node: ast.expr, message: str, remedy: str | None = None
    ) -> Type | None:
        """Note a fault of a part."""
        self.faults.add(code, span(node), message, remedy)
        return None

    def refuse(self, node: ast.expr) -> Type | None:
        """Note that a construct is not part of the language."""
        what, remedy = exclusions.described(node)
        return self.wrong(REFUSED, node, f"{what} is not part of the rule language", remedy)

    def refuse_between(self, operator: ast.AST, left: ast.expr, right: ast.expr) -> Type | None:
        """Note that the operator between two parts is not part of the language."""
        return self.refuse_operator(operator, between(self.faults.source.text, left, right))

    def refuse_operator(self, operator: ast.AST, where: tuple[int, int]) -> Type | None:
        """Note that an operator is not part of the language."""
        mark, remedy = exclusions.OPERATORS[type(operator)]
        self.faults.add(REFUSED, where, f"`{mark}` is not part of the rule language", remedy)
        return None

    def _is_ambiguous(self, *parts: Part) -> bool:
        """Note a bare number beside a product of several units of time, and what to write."""
        bare = [node for node, found in parts if found.unit is None]
        mixed = [found.unit for _, found in parts if found.unit and found.unit.mixes_time]
        unit = spelled(mixed[0]) if bare and mixed else None
        if unit is None:
            return False
        value = value_of(bare[0])
        number = f"{value:.15g}" if isinstance(value, float) else "1"
        message = f"{mixed[0]} mixes units of time: a number beside it needs a unit"
        self.wrong(UNIT, bare[0], message, f"write a number like `{number} {unit}`")
        return True

    def _no_text(self, node: ast.expr) -> Type | None:
        found = self.of(node)
        if found is not None and found.kind == "text":
            return self.wrong(TYPE, node, "a text can only be compared, with == or != or in")
        return found

    def _unified(self, left: Part, right: Part) -> Type | None:
        ours, theirs = left[1].kind, right[1].kind
        if ours != theirs:
            return self.wrong(TYPE, right[0], f"{named(ours)} and {named(theirs)} do not mix")
        return self.alike("combine", left, right)


def _said(unit: Unit) -> str:
    return "a bare number" if unit == NUMBER else str(unit)
