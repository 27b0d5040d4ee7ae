"""Where the parts of a syntax tree stand, in character offsets."""

from __future__ import annotations

import ast


def span(node: ast.expr) -> tuple[int, int]:
    """Return the offsets of the first character and past the last."""
    return node.col_offset, node.end_col_offset or node.col_offset


def is_definition(node: ast.expr) -> bool:
    """Return whether a part was put in place of a name: its own parts stand where it does."""
    parts = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
    return bool(parts) and all(span(each) == span(node) for each in parts)


def between(text: str, left: ast.expr, right: ast.expr) -> tuple[int, int]:
    """Return the span of the operator between two parts."""
    start, end = span(left)[1], right.col_offset
    gap = text[start:end]
    operator = gap.strip().strip("()").strip()
    begin = start + gap.index(operator)
    return begin, begin + len(operator)
