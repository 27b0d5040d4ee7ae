"""A metric of one's own: a name that a file gives to an expression."""

from __future__ import annotations

import ast

from attrs import field, frozen

from sizer.schema.metrics import Kind


@frozen
class Definition:
    """A name that stands for a number computed from metrics.

    `tree` is the expression with parameters and other definitions in place, and `written` says all
    of it as one text. It has `parts` nodes, `depth` below each other, and `reads` metrics.
    """

    name: str
    written: str
    reads: frozenset[str]
    parts: int
    depth: int
    tree: ast.expr = field(eq=False, repr=False)  # nodes are equal to themselves alone
    kind: Kind = "number"
