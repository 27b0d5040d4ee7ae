"""Many files checked together, whether they ask a question or share rules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sizer.diagnostic import Diagnostic, Problem, in_order
from sizer.load.question import RuleSet, rule_set, whole_question
from sizer.load.selection import EVERY, Selection
from sizer.schema.profile import Rule
from sizer.structure.document import Document, read_document

_QUESTION = ("models", "fleet", "workload", "engine", "select")
_SHARED = ("rule", "extends", "params", "levels", "owner", "version")


def check(paths: Iterable[Path], selection: Selection = EVERY) -> list[Diagnostic]:
    """Return every fault of profiles and shared rule files, each once, by file and place.

    Raises Problem (SZ508) when a glob of the selection matches no rule of any file.
    """
    found: list[Diagnostic] = []
    rules: list[Rule] = []
    for path in paths:
        try:
            document = read_document(path)
            checked = check_document(document, path.parent)
        except Problem as problem:
            found.extend(problem.diagnostics)
        else:
            found.extend(checked.notes)
            rules.extend(checked.rules)
    if not any(each.severity == "error" for each in found):
        selection.refuse(rules)
    return in_order(found)


def check_document(document: Document, folder: Path) -> RuleSet:
    """Return the rules of a profile or rule file, and findings that are no errors.

    Raises Problem with all findings when one is an error.
    """
    if is_rule_file(document):
        return rule_set(document, folder)
    question = whole_question(document, folder)
    return RuleSet(question.profile.rule, question.notes)


def is_rule_file(document: Document) -> bool:
    """Return whether a file holds rules to share, and nothing of a question."""
    data = document.data
    shared = any(table in data for table in _SHARED)
    return shared and not any(table in data for table in _QUESTION)
