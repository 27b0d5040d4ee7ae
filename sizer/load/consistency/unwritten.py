"""Metrics of tokens that are written, in conditions and sorts of a load that writes none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sizer.diagnostic import Diagnostic, Place
from sizer.expr.check import Draft, Sources
from sizer.expr.language import span
from sizer.schema.asked.tasks import Task
from sizer.schema.metrics import registry, unwritten
from sizer.structure.toml.document import Document

UNWRITTEN = "SZ213"
SORT = ("select", "sort")


def of_answers(
    draft: Draft, source_of: Sources, document: Document, task: Task
) -> Iterator[Diagnostic]:
    """Yield a warning for each metric that is unknown where nothing is written (SZ213)."""
    for keys, expression in draft.expressions():
        source = source_of(keys)
        for node in ast.walk(expression.tree):
            if isinstance(node, ast.Name) and (instead := _instead(node.id)):
                place = source.place(*span(node)) if source else None
                yield _finding(node.id, instead, task, place)
    if document.value(SORT) is not None:
        for key in draft.sort or ():
            if instead := _instead(key.name):
                yield _finding(key.name, instead, task, document.place(SORT))


def _instead(name: str) -> str | None:
    metric = registry().get(name)
    return unwritten().get(metric.name) if metric else None


def _finding(name: str, instead: str, task: Task, place: Place | None) -> Diagnostic:
    said = f'{name} is unknown where task = "{task}": no token is written'
    return Diagnostic(UNWRITTEN, said, place, f"write {instead}", "warning")
