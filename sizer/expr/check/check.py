"""The door of the checker: texts in, checked values or every fault out. Imports no evaluator."""

from __future__ import annotations

import ast
from copy import deepcopy

from sizer.expr.check.message import compile_message
from sizer.expr.check.parse import parsed
from sizer.expr.check.rewrite import canonical
from sizer.expr.check.sort import compile_sort
from sizer.expr.language.expression import Expression
from sizer.expr.language.span import span
from sizer.expr.text.faults import CONSTANT, Faults
from sizer.expr.text.memo import remembered
from sizer.expr.text.source import Source
from sizer.expr.typing.definitions import expanded, size
from sizer.expr.typing.grammar import GRAMMAR
from sizer.expr.typing.inference import Inference
from sizer.expr.typing.parameters import filled, switches
from sizer.schema.asked.definition import Definition
from sizer.schema.asked.parameter import Names
from sizer.units import NUMBER

__all__ = [
    "compile_condition",
    "compile_definition",
    "compile_message",
    "compile_sort",
    "compile_value",
]


@remembered
def compile_condition(source: Source, names: Names) -> Expression:
    """Check a text that must be true, false or unknown for a candidate.

    Raises Problem with all its faults (SZ201 to SZ206).
    """
    return _compiled(source, names, condition=True)


@remembered
def compile_value(source: Source, names: Names) -> Expression:
    """Check a text of any type. Raises Problem with all its faults."""
    return _compiled(source, names, condition=False)


def compile_definition(name: str, source: Source, names: Names) -> tuple[Definition, Expression]:
    """Check a text that a file gives a name to: a number that reads a metric.

    Raises Problem with all its faults.
    """
    faults = Faults(source)
    tree = _written_out(source, names, faults)
    inference = Inference(names, faults, GRAMMAR)
    found = inference.number(tree.body)
    if found is None or faults.found:
        raise faults.problem()
    body, (parts, depth), where = deepcopy(tree.body), size(tree.body, {}), span(tree.body)
    rewritten, used = canonical(tree, names, inference.conversions)
    if not used:
        remedy = "name a metric, or write it under `[params]`"
        faults.add(CONSTANT, where, "this reads no metric, so it is always the same", remedy)
        raise faults.problem()
    read = frozenset(node.id for node in ast.walk(body) if isinstance(node, ast.Name))
    written = f"{source.text}\n{ast.dump(body)}"
    definition = Definition(name, written, read, parts, depth, body)
    unit = str(found.unit or NUMBER)
    return definition, Expression(source.text, rewritten, used, found.kind, unit=unit)


def _written_out(source: Source, names: Names, faults: Faults) -> ast.Expression:
    """Return the tree of a text with parameters and definitions in place. Raises Problem."""
    tree = parsed(source.text, names, faults)
    tree = None if tree is None else expanded(filled(tree, names), names, faults)
    if tree is None:
        raise faults.problem()
    return tree


def _compiled(source: Source, names: Names, *, condition: bool) -> Expression:
    faults = Faults(source)
    tree = _written_out(source, names, faults)
    inference = Inference(names, faults, GRAMMAR)
    found = inference.condition(tree.body) if condition else inference.of(tree.body)
    if found is None or faults.found:
        raise faults.problem()
    switched = switches(tree)
    rewritten, used = canonical(tree, names, inference.conversions)
    return Expression(source.text, rewritten, used, found.kind, switched)
