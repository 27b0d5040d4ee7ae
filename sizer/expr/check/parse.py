"""From a text to a syntax tree of bounded size whose columns are character offsets."""

from __future__ import annotations

import ast
from collections.abc import Collection
from itertools import accumulate

from sizer.expr.text.faults import REFUSED, SYNTAX, Faults
from sizer.expr.text.lexis import Token, digits_of, refuse_tokens, tokens, unknown_names
from sizer.expr.text.limits import CHARACTERS, DEPTH, NODES
from sizer.expr.typing.quantities import with_units

_SHOUTED = {"AND": "and", "OR": "or", "NOT": "not", "IN": "in", "IF": "if", "ELSE": "else"}
_ASSIGNING = {"=", ":="}


def parsed(text: str, known: Collection[str], faults: Faults) -> ast.Expression | None:
    """Return the tree of an expression, or None after noting why there is none.

    There may be a tree although something was noted: then it is what was probably meant.
    """
    if len(text) > CHARACTERS:
        span = (CHARACTERS, CHARACTERS + 1)
        faults.add(REFUSED, span, f"longer than {CHARACTERS} characters", "split it into rules")
        return None
    found = tokens(text)
    if not found:
        faults.add(SYNTAX, (0, len(text)), "the expression is empty")
        return None
    refuse_tokens(found, known, faults)
    tree = None if faults.found else _tree(text, found, faults)
    if tree is None:
        unknown_names(found, known, faults)
    return tree


def _tree(text: str, found: list[Token], faults: Faults) -> ast.Expression | None:
    lead = found[0].start
    line = _one_line(text, found)
    try:
        tree = _parsed_or_repaired(line, lead, found, faults)
    except (RecursionError, MemoryError):  # what CPython raises for deep chains of operators
        _too_large(found, faults, f"nested more than {DEPTH} deep")
        return None
    if tree is None or not _bounded(tree, found, faults):
        return None
    _use_character_offsets(tree, line, lead)
    return with_units(tree, found)


def _parsed_or_repaired(
    line: str, lead: int, found: list[Token], faults: Faults
) -> ast.Expression | None:
    try:
        return ast.parse(line[lead:], mode="eval")
    except SyntaxError as error:
        _explain(error, lead, found, faults)
    try:
        return ast.parse(_repaired(line, found)[lead:], mode="eval")
    except SyntaxError:
        return None


def _repaired(line: str, found: list[Token]) -> str:
    """Return a line as it was meant, as long as before, so that its other faults are found too."""
    meant = list(line)
    for token in found:
        if token.text in _SHOUTED:
            meant[token.start : token.end] = _SHOUTED[token.text]
        elif token.text == "=" and line[token.end : token.end + 1] == " ":
            meant[token.end] = "="
    return "".join(meant)


def _one_line(text: str, found: list[Token]) -> str:
    """Return the text with gaps and units made of spaces: one line of equal length."""
    line = [" "] * len(text)
    for token in found:
        word = digits_of(token) if token.kind == "measure" else token.text
        line[token.start : token.start + len(word)] = word
    return "".join(line)


def _explain(error: SyntaxError, lead: int, found: list[Token], faults: Faults) -> None:
    assigning = [token for token in found if token.text in _ASSIGNING]
    shouted = [token for token in found if token.text in _SHOUTED]
    for token in assigning:
        faults.add(
            REFUSED, token.span, f"{token.text!r} assigns, it does not compare", "write `==`"
        )
    for token in shouted:
        remedy = f"write `{_SHOUTED[token.text]}`"
        faults.add(REFUSED, token.span, f"{token.text!r} is written small", remedy)
    if not assigning and not shouted:
        _point_out(error, lead, found, faults)


def _point_out(error: SyntaxError, lead: int, found: list[Token], faults: Faults) -> None:
    start = lead + (error.offset or 0) - 1
    at = next((token for token in found if token.start <= start < token.end), None)
    if at is None:
        last = found[-1]
        remedy = "a share is a number: 10 % is 0.1" if last.text == "%" else None
        faults.add(SYNTAX, last.span, f"something is missing after {last.text!r}", remedy)
    else:
        faults.add(SYNTAX, at.span, f"not an expression here: {error.msg}")


def _bounded(tree: ast.Expression, found: list[Token], faults: Faults) -> bool:
    level: list[ast.AST] = [tree.body]
    count = depth = 0
    while level:
        parts = sum(isinstance(node, ast.expr) for node in level)
        depth += parts > 0
        count += parts
        if depth > DEPTH:
            return _too_large(found, faults, f"nested more than {DEPTH} deep")
        if count > NODES:
            return _too_large(found, faults, f"larger than {NODES} parts")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return True


def _too_large(found: list[Token], faults: Faults, what: str) -> bool:
    span = (found[0].start, found[-1].end)
    faults.add(REFUSED, span, f"the expression is {what}", "split it into several rules")
    return False


def _use_character_offsets(tree: ast.Expression, line: str, lead: int) -> None:
    """Replace the parser's columns, which count bytes of UTF-8 from the first token."""
    starts = list(accumulate((len(c.encode()) for c in line[lead:]), initial=0))
    offset = {byte: lead + index for index, byte in enumerate(starts)}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.keyword):
            node.col_offset = offset[node.col_offset]
            node.end_col_offset = offset[node.end_col_offset or 0]
