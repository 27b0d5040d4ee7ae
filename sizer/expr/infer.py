"""Names, types and units of an expression, all faults at once.

A part that is at fault has the type None, and what contains it says nothing more about it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from itertools import pairwise

from attrs import evolve, frozen

from sizer.expr import membership, refused
from sizer.expr.faults import CONSTANT, NAME, REFUSED, TYPE, UNIT, Faults
from sizer.expr.functions import FUNCTIONS, Function
from sizer.expr.kinds import LITERAL, TRUTH, Type, joined, named, of_metric
from sizer.expr.nearest import did_you_mean
from sizer.expr.span import between, span
from sizer.schema.metrics import Metric

TRUTHS = {"true": True, "false": False}
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_SAME_UNIT = (ast.Add, ast.Sub, ast.Mod)


@frozen(eq=False)
class Inference:
    """Finds the type of each part and notes what is wrong with it."""

    names: Mapping[str, Metric]
    faults: Faults

    def of(self, node: ast.expr) -> Type | None:
        """Return the type of a part, or None when it is at fault."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.BoolOp():
                return self._junction(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp():
                return self._choice(node)
            case ast.Call():
                return self._call(node)
        return self._refuse(node)

    def condition(self, node: ast.expr) -> Type | None:
        """Return the type of a part that must be true or false, by the metrics it reads."""
        found = self.of(node)
        if found is None:
            return None
        if found.kind != "bool":
            remedy = "compare it with something, like `... > 0`"
            message = f"{named(found.kind)} is not a condition"
            return self._wrong(TYPE, node, message, remedy)
        if found.constant:
            message = "this reads no metric, so it is always the same"
            return self._wrong(CONSTANT, node, message, "remove it or name a metric")
        return found

    def _wrong(self, code: str, node: ast.expr, message: str, remedy: str | None = None) -> None:
        self.faults.add(code, span(node), message, remedy)

    def _refuse(self, node: ast.expr) -> None:
        what, remedy = refused.described(node)
        self._wrong(REFUSED, node, f"{what} is not part of the rule language", remedy)

    def _constant(self, node: ast.Constant) -> Type | None:
        match node.value:
            case bool():
                return evolve(TRUTH, constant=True)
            case int() | float():
                return LITERAL
            case str():
                return Type("text", constant=True)
            case None:
                remedy = "ask `is_known(x)`"
                return self._wrong(REFUSED, node, "`None` is not part of the rule language", remedy)
        return self._refuse(node)

    def _name(self, node: ast.Name) -> Type | None:
        if node.id in self.names:
            return of_metric(self.names[node.id])
        if node.id in TRUTHS:
            return evolve(TRUTH, constant=True)
        if node.id in FUNCTIONS:
            return self._wrong(TYPE, node, f"{node.id!r} is a function", f"write `{node.id}(...)`")
        remedy = did_you_mean(node.id, self.names)
        return self._wrong(NAME, node, f"unknown name {node.id!r}", remedy)

    def _number(self, node: ast.expr) -> Type | None:
        found = self.of(node)
        if found is not None and found.kind != "number":
            return self._wrong(TYPE, node, f"a number is needed here, not {named(found.kind)}")
        return found

    def _unary(self, node: ast.UnaryOp) -> Type | None:
        if isinstance(node.op, ast.Not):
            return TRUTH if self.condition(node.operand) else None
        if isinstance(node.op, ast.Invert):
            self.of(node.operand)
            return self._refuse_operator(node.op, (node.col_offset, node.col_offset + 1))
        return self._number(node.operand)

    def _refuse_operator(self, operator: ast.AST, where: tuple[int, int]) -> None:
        mark, remedy = refused.OPERATORS[type(operator)]
        self.faults.add(REFUSED, where, f"`{mark}` is not part of the rule language", remedy)

    def _binary(self, node: ast.BinOp) -> Type | None:
        if type(node.op) in refused.OPERATORS:
            self.of(node.left), self.of(node.right)
            where = between(self.faults.source.text, node.left, node.right)
            return self._refuse_operator(node.op, where)
        left, right = self._number(node.left), self._number(node.right)
        if left is None or right is None:
            return None
        if isinstance(node.op, _SAME_UNIT):
            return self._alike("combine", (node.left, left), (node.right, right))
        constant = left.constant and right.constant
        if left.unit is None and right.unit is None:
            return Type("number", None, constant)
        times = isinstance(node.op, ast.Mult)
        unit = left.measured * right.measured if times else left.measured / right.measured
        return Type("number", unit, constant)

    def _alike(
        self, verb: str, left: tuple[ast.expr, Type], right: tuple[ast.expr, Type]
    ) -> Type | None:
        ours, theirs = left[1].unit, right[1].unit
        if ours is not None and theirs is not None and ours != theirs:
            where = (left[0].col_offset, span(right[0])[1])
            message = f"cannot {verb} {ours} with {theirs}"
            self.faults.add(UNIT, where, message, "both sides need the same unit")
            return None
        return joined(left[1], right[1])

    def _junction(self, node: ast.BoolOp) -> Type | None:
        found = [self.condition(value) for value in node.values]
        return TRUTH if all(found) else None

    def _choice(self, node: ast.IfExp) -> Type | None:
        test = self.condition(node.test)
        found = self._one_type([node.body, node.orelse])
        return evolve(found, constant=False) if test and found else None

    def _one_type(self, nodes: list[ast.expr]) -> Type | None:
        """Return the type that all parts have: numbers of one unit, or truth values."""
        found = [(node, self.of(node)) for node in nodes]
        sound = [(node, each) for node, each in found if each is not None]
        texts = [node for node, each in sound if each.kind == "text"]
        for node in texts:
            self._wrong(TYPE, node, "a text is only compared, with == or != or in")
        if texts or len(sound) < len(found):
            return None
        result = sound[0]
        for part in sound[1:]:
            if part[1].kind != result[1].kind:
                message = f"{named(result[1].kind)} and {named(part[1].kind)} do not mix"
                return self._wrong(TYPE, part[0], message)
            both = self._alike("combine", result, part)
            if both is None:
                return None
            result = (part[0], both)
        return result[1]

    def _comparison(self, node: ast.Compare) -> Type | None:
        if any(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops):
            return membership.inferred(node, self.of(node.left), self.names, self.faults)
        parts = [node.left, *node.comparators]
        found = [self.of(part) for part in parts]
        steps = zip(node.ops, pairwise(zip(parts, found, strict=True)), strict=True)
        fine = [self._step(operator, left, right) for operator, (left, right) in steps]
        if not all(fine):
            return None
        return Type("bool", constant=all(each is not None and each.constant for each in found))

    def _step(
        self,
        operator: ast.cmpop,
        left: tuple[ast.expr, Type | None],
        right: tuple[ast.expr, Type | None],
    ) -> bool:
        if type(operator) in refused.OPERATORS:
            where = between(self.faults.source.text, left[0], right[0])
            self._refuse_operator(operator, where)
            return False
        if left[1] is None or right[1] is None:
            return False
        return self._comparable(operator, (left[0], left[1]), (right[0], right[1]))

    def _comparable(
        self, operator: ast.cmpop, left: tuple[ast.expr, Type], right: tuple[ast.expr, Type]
    ) -> bool:
        where = (left[0].col_offset, span(right[0])[1])
        kinds = (left[1].kind, right[1].kind)
        if kinds[0] != kinds[1]:
            message = f"cannot compare {named(kinds[0])} with {named(kinds[1])}"
            self.faults.add(TYPE, where, message)
            return False
        if kinds[0] == "number":
            return self._alike("compare", left, right) is not None
        if isinstance(operator, _ORDER):
            message = f"{named(kinds[0])} has no order"
            self.faults.add(TYPE, where, message, "write `==` or `!=`")
            return False
        return kinds[0] == "bool" or membership.against_constant(left, right, self.faults)

    def _call(self, node: ast.Call) -> Type | None:
        if not isinstance(node.func, ast.Name):
            return self._refuse(node.func)
        function = FUNCTIONS.get(node.func.id)
        if function is None:
            remedy = did_you_mean(node.func.id, FUNCTIONS)
            remedy = remedy or f"the functions are {', '.join(FUNCTIONS)}"
            message = f"unknown function {node.func.id!r}"
            self._wrong(NAME, node.func, message, remedy)
        for keyword in node.keywords:
            where = (keyword.col_offset, keyword.end_col_offset or keyword.col_offset)
            remedy = "arguments have no names; to compare write `==`"
            self.faults.add(REFUSED, where, "a named argument is refused", remedy)
        return self._applied(function, node)
