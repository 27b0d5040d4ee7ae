"""Docstrings as texts that users read, also where Python runs without them (`-OO`)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from inspect import getdoc, getsource
from textwrap import dedent
from typing import Any


def docstring(thing: Callable[..., Any]) -> str:
    """Return the docstring of a class or function, from its source if Python did not keep it.

    It is empty where there is neither.
    """
    return getdoc(thing) or _in_source(thing)


def _in_source(thing: Callable[..., Any]) -> str:
    try:
        source = getsource(thing)
    except (OSError, TypeError):  # installed without source
        return ""
    definition = ast.parse(dedent(source)).body[0]
    if not isinstance(definition, ast.ClassDef | ast.FunctionDef):
        return ""
    return ast.get_docstring(definition) or ""
