"""The one door to tree-sitter: a TOML text as a tree that keeps every comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tree_sitter_toml
from attrs import frozen
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from tree_sitter import Node


@frozen
class SyntaxNode:
    """A part of a TOML text: its name in tree-sitter's grammar, its characters, parts and lines."""

    kind: str
    text: str
    parts: tuple[SyntaxNode, ...]
    first_line: int
    last_line: int


def syntax_tree(text: str) -> SyntaxNode:
    """Return the tree of a text that tomllib has accepted; its lines end in a bare newline.

    Raises ValueError when the two grammars do not agree.
    """
    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node
    if root.has_error:
        raise ValueError("tree-sitter-toml does not read what tomllib does")
    return _piece(root)


def _piece(node: Node) -> SyntaxNode:
    return SyntaxNode(
        kind=str(node.type),
        text=(node.text or b"").decode(),
        parts=tuple(_piece(child) for child in node.children),
        first_line=int(node.start_point[0]),
        last_line=int(node.end_point[0]),
    )
