"""Types of function calls."""

from __future__ import annotations

import ast

from attrs import evolve

from sizer.expr.language.functions import FUNCTIONS, Function
from sizer.expr.language.glob import MOST_CHARACTERS, is_like
from sizer.expr.language.kinds import TRUTH, Type, named
from sizer.expr.language.literal import value_of
from sizer.expr.text.faults import NAME, REFUSED, TYPE
from sizer.expr.typing.inference import Inference
from sizer.schema.asked.parameter import Parameter
from sizer.structure.nearest import did_you_mean
from sizer.units import NUMBER


def call(inference: Inference, node: ast.Call) -> Type | None:
    """Return the type of a function of its arguments."""
    if not isinstance(node.func, ast.Name):
        return inference.refuse(node.func)
    function = FUNCTIONS.get(node.func.id)
    if function is None:
        _unknown(inference, node.func)
    _refuse_names(inference, node)
    if function is None or node.keywords or not _counted(inference, function, node):
        for argument in node.args:
            inference.of(argument)
        return None
    return _applied(inference, function, node.args)


def _unknown(inference: Inference, node: ast.Name) -> None:
    if node.id in inference.names:
        what = "a parameter" if isinstance(inference.names[node.id], Parameter) else "a metric"
        inference.wrong(TYPE, node, f"{node.id!r} is {what}, not a function")
        return
    remedy = did_you_mean(node.id, FUNCTIONS) or f"the functions are {', '.join(FUNCTIONS)}"
    inference.wrong(NAME, node, f"unknown function {node.id!r}", remedy)


def _refuse_names(inference: Inference, node: ast.Call) -> None:
    for keyword in node.keywords:
        where = (keyword.col_offset, keyword.end_col_offset or keyword.col_offset)
        remedy = "give the arguments in order; to compare write `==`"
        inference.faults.add(REFUSED, where, "an argument has no name", remedy)


def _counted(inference: Inference, function: Function, node: ast.Call) -> bool:
    count, least, most = len(node.args), function.least, function.most
    if count >= least and (most is None or count <= most):
        return True
    needed = f"{least}" if least == most else f"{least} or more"
    noun = "argument" if needed == "1" else "arguments"
    inference.wrong(TYPE, node, f"{function.name} takes {needed} {noun}, not {count}")
    return False


def _applied(inference: Inference, function: Function, arguments: list[ast.expr]) -> Type | None:
    match function.typing:
        case "known":
            found = inference.of(arguments[0])
            return found and evolve(TRUTH, constant=found.constant)
        case "alike":
            return inference.one_type(arguments)
        case "like":
            return _matching(inference, *arguments)
        case "number":
            found = inference.number(arguments[0])
            return found and evolve(found, unit=NUMBER if found.unit else None)
        case "keeps":
            found = inference.one_type(arguments)
            if found is not None and found.kind != "number":
                return inference.wrong(TYPE, arguments[0], f"{function.name} is for numbers")
            return found


def _matching(inference: Inference, asked: ast.expr, given: ast.expr) -> Type | None:
    """Return the type of `matches`: a metric that is a text, and a pattern that one can have."""
    found = inference.of(asked)
    if found is not None and (found.kind != "text" or not isinstance(asked, ast.Name)):
        said = "a text in quotes" if found.kind == "text" else named(found.kind)
        message = f"matches is for a metric that is a text, not for {said}"
        return inference.wrong(TYPE, asked, message, 'write `matches(gpu, "H100*")`')
    pattern = value_of(given)
    if not isinstance(pattern, str):
        said = f'"{given.id}*"' if isinstance(given, ast.Name) else 'like "H100*"'
        message = "the pattern must be a text in quotes"
        return inference.wrong(TYPE, given, message, f"a text stands in quotes: {said}")
    if found is None or not _is_pattern(inference, given, pattern):
        return None
    if found.members and not any(is_like(member, pattern) for member in found.members):
        remedy = f"the values are {', '.join(found.members)}"
        return inference.wrong(TYPE, given, f"{pattern!r} matches none of its values", remedy)
    return TRUTH


def _is_pattern(inference: Inference, node: ast.expr, pattern: str) -> bool:
    if len(pattern) > MOST_CHARACTERS:
        message = f"a pattern has at most {MOST_CHARACTERS} characters"
        inference.wrong(REFUSED, node, message, "use `*` for what differs")
    elif set(pattern) & set("[]{}"):
        message = "a pattern has only `*` for any characters and `?` for one"
        inference.wrong(REFUSED, node, message, "join several with `or`")
    elif not pattern:
        inference.wrong(REFUSED, node, "the pattern is empty", "`*` stands for any text")
    else:
        return True
    return False
