"""The laws of the layout: formatting twice is formatting once, and what a file says stays."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES, conditions

pytest.importorskip("tree_sitter_toml", reason="the formatter's grammar is not installed")

from sizer.expr.check.check import compile_condition
from sizer.expr.text.lexis import tokens
from sizer.expr.text.source import plain
from sizer.expr.tidy import tidied
from sizer.layout import formatted
from sizer.structure.toml.document import parse_document
from sizer.structure.toml.syntax_tree import SyntaxNode, syntax_tree

SPACE = st.sampled_from(("", " ", "\t", "   "))
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8)
COMMENT = WORDS.map(lambda text: f"#{text}")
GAP = st.lists(st.tuples(SPACE, st.just("") | COMMENT).map("".join), max_size=3).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)
SCALARS = st.one_of(
    st.sampled_from(
        ("1", "-0.5", "1_000", "0xFF", "inf", "true", "1979-05-27 07:32:00", "07:32:00")
    ),
    st.sampled_from(
        ("'a'", "'\"'", '"\\""', '"é\\u00e9"', "'''\na''''", '"""\n\\\n  b"""', "''", '""')
    ),
    WORDS.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
)
KEYS = st.sampled_from(("a", "b-1", '"c d"', "'e'", '"f.g"', "1"))


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(
        st.tuples(GAP, SPACE, values, SPACE, GAP, st.just(",")).map("".join), max_size=3
    )
    comma = st.booleans()
    return st.tuples(items, comma, GAP).map(
        lambda x: "[" + (t := "".join(x[0]))[: len(t) if x[1] else -1 or None] + x[2] + "]"
    )


def tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(SPACE, KEYS, SPACE, st.just("="), SPACE, values, SPACE).map("".join)
    pairs = st.lists(pair, max_size=3, unique_by=lambda text: text.split("=")[0].strip(" \t\"'"))
    return pairs.map(lambda found: "{" + ",".join(found) + "}")


VALUES = st.recursive(SCALARS, lambda inner: arrays(inner) | tables(inner), max_leaves=8)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A TOML file without any care for its looks."""
    lines = [draw(GAP)]
    for index in range(draw(st.integers(0, 6))):
        header, key = draw(SPACE) + draw(KEYS) + draw(SPACE), f"k{index}"
        ends = draw(SPACE) + draw(st.just("") | COMMENT) + "\n" + draw(GAP)
        match draw(st.integers(0, 4)):
            case 0:
                lines.append(f"[[ t{index}.{header}]]{ends}")
            case 1:
                lines.append(f"[t{index} .{header}]{ends}")
            case _:
                lines.append(f"{key}{draw(SPACE)}={draw(SPACE)}{draw(VALUES)}{ends}")
    return "".join(lines)


def comments(text: str) -> list[str]:
    """Return all characters of comments: two behind one item come to stand side by side."""
    return "".join(_comments(syntax_tree(text))).split()


def _comments(piece: SyntaxNode) -> Iterator[str]:
    if piece.kind == "comment":
        yield piece.text + " "
    for part in piece.parts:
        yield from _comments(part)


def data(text: str) -> Any:
    return repr(tomllib.loads(text))


@settings(max_examples=300)
@given(files())
def test_formatting_twice_is_formatting_once(text: str) -> None:
    once = formatted(parse_document(text, "-"))
    assert formatted(parse_document(once, "-")) == once


@settings(max_examples=300)
@given(files())
def test_formatting_keeps_the_data_and_every_comment(text: str) -> None:
    once = formatted(parse_document(text, "-"))
    assert data(once) == data(text)
    assert comments(once) == comments(text)


@given(conditions())
def test_a_tidy_expression_is_the_same_expression(text: str) -> None:
    once = tidied(text)
    assert tidied(once) == once
    before, after = (compile_condition(plain(each), NAMES) for each in (text, once))
    assert [token.text for token in tokens(once)] == [token.text for token in tokens(text)]
    assert (before.names, before.kind) == (after.names, after.kind)
