"""Types of names and constants."""

from __future__ import annotations

import ast

from attrs import evolve

from sizer.expr.language.functions import FUNCTIONS
from sizer.expr.language.kinds import LITERAL, TRUTH, Type, of_metric
from sizer.expr.text.faults import NAME, REFUSED, TYPE
from sizer.expr.typing.inference import Inference
from sizer.schema.metrics import Metric
from sizer.structure.nearest import did_you_mean

TRUTHS = {"true": True, "false": False}


def constant(inference: Inference, node: ast.Constant) -> Type | None:
    """Return the type of a number, text or truth value."""
    match node.value:
        case bool():
            return evolve(TRUTH, constant=True)
        case int() | float():
            return LITERAL
        case str():
            return Type("text", constant=True)
        case None:
            message = "`None` is not part of the rule language"
            return inference.wrong(REFUSED, node, message, "ask `is_known(x)`")
    return inference.refuse(node)


def name(inference: Inference, node: ast.Name) -> Type | None:
    """Return the type of a metric, `true` or `false`."""
    metric = inference.names.get(node.id)
    if isinstance(metric, Metric):
        return of_metric(metric)
    if node.id in TRUTHS:
        return evolve(TRUTH, constant=True)
    if node.id in FUNCTIONS:
        remedy = f"write `{node.id}(...)`"
        return inference.wrong(TYPE, node, f"{node.id!r} is a function", remedy)
    remedy_found = did_you_mean(node.id, inference.names)
    return inference.wrong(NAME, node, f"unknown name {node.id!r}", remedy_found)
