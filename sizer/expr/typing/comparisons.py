"""Types of comparisons: numbers by unit, texts against known values, `in` against a list."""

from __future__ import annotations

import ast
from itertools import pairwise

from attrs import evolve

from sizer.expr.language import exclusions
from sizer.expr.language.functions import FUNCTIONS
from sizer.expr.language.kinds import LITERAL, Type, named
from sizer.expr.language.literal import value_of
from sizer.expr.language.span import span
from sizer.expr.text.faults import CONSTANT, NAME, REFUSED, TYPE
from sizer.expr.typing.atoms import TRUTHS
from sizer.expr.typing.inference import Inference, Part
from sizer.expr.typing.parameters import Given
from sizer.expr.typing.quantities import Measured
from sizer.structure.nearest import did_you_mean

_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def comparison(inference: Inference, node: ast.Compare) -> Type | None:
    """Return the type of a comparison, chained or not."""
    if any(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops):
        return _membership(inference, node)
    sides = (node.left, *node.comparators)
    texts = any(_is_text_metric(inference, side) for side in sides)
    parts = [(side, _side(inference, side, texts=texts)) for side in sides]
    fine = True
    for operator, (before, right) in zip(node.ops, pairwise(parts), strict=True):
        left = before[0], inference.as_converted(*before)
        if type(operator) in exclusions.OPERATORS:
            inference.refuse_between(operator, left[0], right[0])
            fine = False
        elif left[1] is None or right[1] is None:
            fine = False
        else:
            fine &= _comparable(inference, operator, (left[0], left[1]), (right[0], right[1]))
    constant = all(found is not None and found.constant for _, found in parts)
    return Type("bool", constant=constant) if fine else None


def _is_text_metric(inference: Inference, node: ast.expr) -> bool:
    metric = inference.names.get(node.id) if isinstance(node, ast.Name) else None
    return metric is not None and metric.kind == "text"


def _side(inference: Inference, node: ast.expr, *, texts: bool) -> Type | None:
    """Return the type of a side; beside a text metric, an unknown name is one without quotes."""
    unknown = isinstance(node, ast.Name) and node.id not in {*inference.names, *FUNCTIONS, *TRUTHS}
    if texts and unknown and isinstance(node, ast.Name):
        remedy = f'a text stands in quotes: "{node.id}"'
        return inference.wrong(NAME, node, f"unknown name {node.id!r}", remedy)
    return inference.of(node)


def _comparable(inference: Inference, operator: ast.cmpop, left: Part, right: Part) -> bool:
    where = (left[0].col_offset, span(right[0])[1])
    ours, theirs = left[1].kind, right[1].kind
    if ours != theirs:
        message = f"cannot compare {named(ours)} with {named(theirs)}"
        inference.faults.add(TYPE, where, message, _unquoted(left[0], right[0]))
        return False
    if ours == "number":
        return inference.alike("compare", left, right) is not None
    if isinstance(operator, _ORDER):
        inference.faults.add(TYPE, where, f"{named(ours)} has no order", "write `==` or `!=`")
        return False
    return ours == "bool" or _texts(inference, left, right)


def _unquoted(*sides: ast.expr) -> str | None:
    """Return what to write where a number or truth value stands in quotes."""
    texts = [value for value in map(value_of, sides) if isinstance(value, str)]
    bare = [text for text in texts if text in TRUTHS or text.replace(".", "", 1).isdecimal()]
    return f"write {bare[0]} without quotes" if bare else None


def _texts(inference: Inference, left: Part, right: Part) -> bool:
    if value_of(left[0]) is not None:
        left, right = right, left
    if value_of(right[0]) is None:
        message = "a text is compared with a value in quotes, not with another metric"
        inference.wrong(TYPE, right[0], message)
        return False
    return _is_member(inference, left[1], right[0])


def _is_member(inference: Inference, metric: Type, node: ast.expr) -> bool:
    value = value_of(node)
    if not metric.members or value in metric.members:
        return True
    remedy = did_you_mean(str(value), metric.members)
    remedy = remedy or f"the values are {', '.join(metric.members)}"
    inference.wrong(TYPE, node, f"{value!r} is not one of its values", remedy)
    return False


def _membership(inference: Inference, node: ast.Compare) -> Type | None:
    found = inference.of(node.left)
    if len(node.ops) > 1:
        message = "`in` does not chain with other comparisons"
        return inference.wrong(REFUSED, node, message, "join two comparisons with `and`")
    members = node.comparators[0]
    if not isinstance(members, ast.Tuple | ast.List):
        remedy = 'write `x in ("a", "b")`; for a single value `x == "a"`'
        return inference.wrong(TYPE, members, "`in` needs a list of values", remedy)
    if not members.elts:
        return inference.wrong(CONSTANT, node, "nothing is in an empty list", "name the values")
    if found is None:
        return None
    if found.kind == "bool":
        return inference.wrong(TYPE, node.left, "a condition is not looked up in a list")
    fine = [_listed(inference, found, each) for each in members.elts]
    return Type("bool", constant=found.constant) if all(fine) else None


def _listed(inference: Inference, found: Type, node: ast.expr) -> bool:
    value = value_of(node)
    given = Type("text") if isinstance(value, str) else LITERAL
    if isinstance(node, Given) and node.parameter.unit:
        given = evolve(LITERAL, unit=node.parameter.unit)
    elif isinstance(node, Measured):
        given = evolve(LITERAL, unit=node.unit)
    if value is None or isinstance(value, bool) or given.kind != found.kind:
        remedy = f'a text stands in quotes: "{node.id}"' if isinstance(node, ast.Name) else None
        message = f"the list must hold constants, each {named(found.kind)}"
        inference.wrong(TYPE, node, message, remedy)
        return False
    if given.kind == "number":
        return inference.alike("compare", (node, found), (node, given)) is not None
    return _is_member(inference, found, node)
