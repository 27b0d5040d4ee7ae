"""An expression with the usual spaces."""

from __future__ import annotations

import ast
from itertools import pairwise
from keyword import iskeyword

from sizer.expr.check.parse import parsed
from sizer.expr.text.faults import Faults
from sizer.expr.text.lexis import Token, tokens
from sizer.expr.text.source import plain

_OPENING = frozenset("([")
_TIGHT = frozenset(",)]")
_SIGNS = frozenset("+-")


def tidied(text: str) -> str:
    """Return an expression or a sort with one space where one belongs, and none elsewhere.

    What is not well formed comes back as it is, as does what would come to mean something else.
    """
    found = tokens(text)
    pieces = [found[0].text] if found else []
    signs = _signs(found)
    for left, right in pairwise(found):
        pieces.append(_gap(left, right, sign=left in signs))
        pieces.append(right.text)
    spaced = "".join(pieces)
    return spaced if _said(spaced) == _said(text) else text


def _said(text: str) -> list[str]:
    """Return what a text says without its white space: its tree, or its tokens if it has none."""
    faults = Faults(plain(text))
    tree = parsed(text, (), faults)
    return [ast.dump(tree)] if tree and not faults.found else [token.text for token in tokens(text)]


def _signs(found: list[Token]) -> set[Token]:
    """Return the signs of numbers; every other `+` and `-` joins two terms."""
    alone = {token for token in found[:1] if token.text in _SIGNS}
    return alone | {
        token
        for before, token in pairwise(found)
        if token.text in _SIGNS and (_is_word(before) or _awaits(before))
    }


def _awaits(token: Token) -> bool:
    """Whether a mark is followed by a value."""
    return token.kind == "mark" and token.text not in {")", "]"}


def _is_word(token: Token) -> bool:
    return token.kind == "name" and iskeyword(token.text)


def _gap(left: Token, right: Token, *, sign: bool) -> str:
    if sign or left.text in _OPENING or right.text in _TIGHT:
        return ""
    called = left.kind == "name" and not _is_word(left)
    if right.text == "(" and called:
        return ""
    unit = left.kind == "number" and right.kind == "name" and not _is_word(right)
    return "" if unit and left.end == right.start else " "
