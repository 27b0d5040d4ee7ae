"""The lines of a file: headers, pairs and comments, with the blank lines between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import evolve, frozen

from sizer.layout.values import key_text, value_text
from sizer.structure.toml.syntax_tree import SyntaxNode, syntax_tree

Kind = Literal["comment", "pair", "header"]
_TABLES = {"table", "table_array_element"}


@frozen
class Statement:
    """A header, a pair or a comment on its own line; `apart` if a blank line stands before it."""

    kind: Kind
    text: str
    first_line: int
    last_line: int
    apart: bool = False
    comment: str = ""

    @property
    def written(self) -> str:
        """The statement and the comment behind it."""
        return f"{self.text} {self.comment}" if self.comment else self.text


def laid_out(text: str) -> str:
    """Return a TOML text in the one layout."""
    statements = _with_comments(_statements(syntax_tree(text).parts))
    lines: list[str] = []
    for index, statement in enumerate(statements):
        if index and _is_apart(statements, index):
            lines.append("")
        lines.append(statement.written)
    return "".join(f"{line}\n" for line in lines)


def _statements(pieces: Iterable[SyntaxNode]) -> Iterator[Statement]:
    for piece in pieces:
        if piece.kind in _TABLES:
            opening, key, closing, *rest = piece.parts
            header = f"{opening.text}{key_text(key)}{closing.text}"
            yield Statement("header", header, opening.first_line, closing.last_line)
            yield from _statements(rest)
        elif piece.kind == "pair":
            key, _, value, *rest = piece.parts
            start = f"{key_text(key)} = "
            text = start + value_text(value, len(start))
            yield Statement("pair", text, key.first_line, value.last_line)
            yield from _statements(rest)
        else:
            yield Statement("comment", piece.text.rstrip(), piece.first_line, piece.last_line)


def _with_comments(statements: Iterable[Statement]) -> list[Statement]:
    """Join each comment to the statement that it stands behind."""
    found: list[Statement] = []
    for each in statements:
        before = found[-1] if found else None
        if before and each.kind == "comment" and each.first_line == before.last_line:
            found[-1] = evolve(before, comment=each.text)
        else:
            apart = before is not None and each.first_line > before.last_line + 1
            found.append(evolve(each, apart=apart))
    return found


def _is_apart(statements: list[Statement], index: int) -> bool:
    """Whether a blank line stands before a statement: one before each table, none after a header.

    Comments right above a header belong to it.
    """
    before, statement = statements[index - 1], statements[index]
    if statement.kind == "header" or (statement.kind == "comment" and _leads(statements, index)):
        return before.kind != "comment" or statement.apart
    return statement.apart and before.kind != "header"


def _leads(statements: list[Statement], index: int) -> bool:
    """Whether a comment is the first of those that stand right above a header."""
    for statement in statements[index + 1 :]:
        if statement.apart or statement.kind == "pair":
            return False
        if statement.kind == "header":
            return True
    return False
