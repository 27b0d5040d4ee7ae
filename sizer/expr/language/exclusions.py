"""What Python has and the rule language does not, with the thing to write instead."""

from __future__ import annotations

import ast
from collections.abc import Mapping

OPERATORS: Mapping[type[ast.AST], tuple[str, str]] = {
    ast.BitAnd: ("&", "write `and`"),
    ast.BitOr: ("|", "write `or`"),
    ast.BitXor: ("^", "write `!=` between conditions, or multiply"),
    ast.Invert: ("~", "write `not`"),
    ast.LShift: ("<<", "multiply"),
    ast.RShift: (">>", "divide"),
    ast.Pow: ("**", "multiply: x * x"),
    ast.MatMult: ("@", "write `*`"),
    ast.Is: ("is", "write `==`; for unknown values, `is_known(x)`"),
    ast.IsNot: ("is not", "write `!=`; for unknown values, `is_known(x)`"),
}
_LISTS = "lists stand only after `in`, like `tp in (1, 2)`"
_ANY = "compare metrics and join the conditions with `and` or `or`"
_COMPREHENSION = ("a comprehension", _ANY)
NODES: Mapping[type[ast.AST], tuple[str, str]] = {
    ast.Attribute: ("an attribute", "names are single words with underscores"),
    ast.Subscript: ("a subscript", "metrics are single values"),
    ast.JoinedStr: ("an f-string", "write a text in plain quotes"),
    ast.Lambda: ("a lambda", _ANY),
    ast.NamedExpr: ("an assignment", "write `==` to compare"),
    ast.ListComp: _COMPREHENSION,
    ast.SetComp: _COMPREHENSION,
    ast.DictComp: _COMPREHENSION,
    ast.GeneratorExp: _COMPREHENSION,
    ast.Tuple: ("a list", _LISTS),
    ast.List: ("a list", _LISTS),
    ast.Set: ("a set", _LISTS),
    ast.Dict: ("a dictionary", _LISTS),
    ast.Starred: ("a starred argument", "write the arguments one by one"),
}


def described(node: ast.AST) -> tuple[str, str]:
    """Return what a refused construct is and what to write instead."""
    return NODES.get(type(node), (f"{type(node).__name__.lower()!r}", _ANY))
