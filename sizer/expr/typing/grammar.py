"""Every kind of node that the language has, with the function that finds its type."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from sizer.expr.language.kinds import Type
from sizer.expr.typing.atoms import constant, name
from sizer.expr.typing.calls import call
from sizer.expr.typing.comparisons import comparison
from sizer.expr.typing.inference import Inference
from sizer.expr.typing.operators import binary, choice, junction, unary
from sizer.expr.typing.parameters import Given, given
from sizer.expr.typing.quantities import Measured, measured

GRAMMAR: Mapping[type[ast.expr], Callable[[Inference, Any], Type | None]] = {
    ast.Constant: constant,
    ast.Name: name,
    Given: given,
    Measured: measured,
    ast.UnaryOp: unary,
    ast.BinOp: binary,
    ast.BoolOp: junction,
    ast.IfExp: choice,
    ast.Compare: comparison,
    ast.Call: call,
}
