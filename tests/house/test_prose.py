"""Rooms that compute give values: sentences are made in render, or are findings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import sizer

HOUSE = Path(sizer.__file__).parent
# What these rooms say is a finding, describes a name or a fact, or is their work.
MAY_SPEAK = {
    *("cli", "render", "reference"),
    *("load", "layout", "imports", "traffic", "expr", "catalog", "structure", "schema"),
}
SENTENCE = 4  # words, beside what is put in
WORD = re.compile(r"\b[A-Za-z]{2,}\b")
FINDINGS = {"Diagnostic", "problem"}
STAYS = {
    ("lock/file.py", "HEADER"): "a comment in the lock itself, for who opens it",
    ("estimate/columns/interval.py", "about"): "the docstring of a term that is made from another",
    ("estimate/apart/alone.py", ""): "the same",
    ("estimate/apart/sides.py", ""): "the same",
    ("estimate/apart/sides.py", "about"): "the same",
    ("estimate/pooling/estimator.py", "about"): "the same",
    ("estimate/pooling/percentiles.py", ""): "the same",
    ("estimate/pooling/unwritten.py", ""): "the same",
    ("estimate/traffic/ends.py", "about"): "the same",
    ("estimate/traffic/first_token.py", ""): "the same",
    ("estimate/traffic/pace.py", ""): "the same",
    ("estimate/traffic/whole.py", ""): "the same",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules() -> dict[str, Path]:
    """Return the modules of the rooms that compute, by their path in the house."""
    named = {file.relative_to(HOUSE): file for file in sorted(HOUSE.glob("*/**/*.py"))}
    return {name.as_posix(): file for name, file in named.items() if name.parts[0] not in MAY_SPEAK}


def said(node: ast.AST) -> str:
    """Return a text without what an f-string puts in; empty for what is no text."""
    if isinstance(node, ast.JoinedStr):
        return " ".join(map(said, node.values))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_finding(node: ast.AST) -> bool:
    """Return whether a node makes a diagnostic or raises, so that its words are a finding's."""
    if isinstance(node, ast.Raise):
        return True
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in FINDINGS


def names(nodes: Iterable[ast.AST]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def in_findings(scope: ast.AST) -> set[str]:
    """Return every name of which a scope makes a finding, directly or through other names of it."""
    found = names(node for node in ast.walk(scope) if is_finding(node))
    parts = list(ast.walk(scope))
    if isinstance(scope, ast.Module):
        found |= {
            name for each in parts if isinstance(each, FUNCTIONS) for name in in_findings(each)
        }
        parts = list(scope.body)
    while more := names(node for node in parts if bound(node) & found) - found:
        found |= more
    return found


def bound(node: ast.AST) -> set[str]:
    """Return the names that a statement gives to its value, or the name of a function."""
    if isinstance(node, FUNCTIONS):
        return {node.name}
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        return set()
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = (each for target in targets for each in ast.walk(target))
    return {ast.unparse(each) for each in parts if isinstance(each, ast.Name | ast.Attribute)}


def is_docstring(node: ast.AST) -> bool:
    lone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return lone or any(name.endswith(".__doc__") for name in bound(node))


def sentences(node: ast.AST, findings: set[str], module: set[str]) -> Iterator[tuple[str, str]]:
    """Yield every sentence that is no finding, and the name that it is bound to.

    A finding is also what a function calls by a name of which it makes one, and what constants and
    functions of the module give of which one is made somewhere in it.
    """
    for child in ast.iter_child_nodes(node):
        inner = in_findings(child) if isinstance(child, FUNCTIONS) else findings
        here = module if isinstance(child, FUNCTIONS) else findings
        if is_finding(child) or is_docstring(child) or bound(child) & here:
            continue
        if sum(WORD.search(each) is not None for each in said(child).split()) >= SENTENCE:
            yield said(child), next(iter(bound(node)), "")
        elif not said(child):
            yield from sentences(child, inner, module)


def found_in(source: str) -> list[tuple[str, str]]:
    tree = ast.parse(source)
    findings = in_findings(tree)
    return list(sentences(tree, findings, findings))


def test_rooms_that_compute_make_no_sentences() -> None:
    assert {"select/answer.py", "diff/compare.py", "estimate/analytic.py"} <= modules().keys()
    found = {
        (name, where): text
        for name, file in modules().items()
        for text, where in found_in(file.read_text("utf-8"))
    }
    assert {where: text for where, text in found.items() if where not in STAYS} == {}
    assert found.keys() >= STAYS.keys(), "what is no longer there is not listed"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('def f(n):\n    return f"{n} is one of the many"', 1),
        ('def f(n):\n    return {"is one of the many": f"{n} is one of the many"}', 2),
        ('"""A docstring of more than four words."""', 0),
        ('def f():\n    raise ValueError("one that cannot be read")', 0),
        ('def f():\n    said = "one that cannot be read"\n    return Diagnostic("SZ1", said)', 0),
        ('def f():\n    said = "one that cannot be read"\n    return said', 1),
        ('def f():\n    a = "one that cannot be read"\n    b = a + "!"\n    problem(b)', 0),
        ('def f():\n    said = "one that cannot be read"\n\ndef g():\n    problem(said)', 1),
        ('HELP = "write it in one word"\ndef f():\n    return problem("SZ1", "no", HELP)', 0),
        ('def g():\n    return "of one that is old"\ndef f():\n    return problem("S", g())', 0),
        (
            'LIST = ["of one that is old"]\ndef g():\n    return LIST\ndef f():\n    problem(g())',
            0,
        ),
        ('HINT = "write it in one word"\ndef f():\n    h = HINT\n    problem(h)', 0),
        ('def f(a, b):\n    return f"{a} x {b} B of {a} in {b}"', 0),
    ],
)
def test_sentences_are_told_from_findings(source: str, count: int) -> None:
    assert len(found_in(source)) == count
