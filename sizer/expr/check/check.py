"""The door of the checker: texts in, checked values or every fault out. Imports no evaluator."""

from __future__ import annotations

from sizer.expr.check.message import compile_message
from sizer.expr.check.parse import parsed
from sizer.expr.check.rewrite import canonical
from sizer.expr.check.sort import compile_sort
from sizer.expr.language.expression import Expression
from sizer.expr.text.faults import Faults
from sizer.expr.text.memo import remembered
from sizer.expr.text.source import Source
from sizer.expr.typing.grammar import GRAMMAR
from sizer.expr.typing.inference import Inference
from sizer.expr.typing.parameters import filled, switches
from sizer.schema.asked.parameter import Names

__all__ = ["compile_condition", "compile_message", "compile_sort", "compile_value"]


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


def _compiled(source: Source, names: Names, *, condition: bool) -> Expression:
    faults = Faults(source)
    tree = parsed(source.text, names, faults)
    if tree is None:
        raise faults.problem()
    tree = filled(tree, names)
    inference = Inference(names, faults, GRAMMAR)
    found = inference.condition(tree.body) if condition else inference.of(tree.body)
    if found is None or faults.found:
        raise faults.problem()
    switched = switches(tree)
    rewritten, used = canonical(tree, names, inference.conversions)
    return Expression(source.text, rewritten, used, found.kind, switched)
