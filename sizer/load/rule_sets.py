"""A file with rules, whether it asks a question or shares them."""

from __future__ import annotations

from pathlib import Path

from sizer.diagnostic import Problem, in_order
from sizer.load.question.question import RuleSet, rule_set, waived, whole_question
from sizer.load.rules.parameters import NOTHING, Settings
from sizer.load.rules.waiver_day import Waiving
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.toml.document import Document

TESTS = ".sizer-test.toml"
_QUESTION = ("models", "fleet", "workload", "engine", "estimator", "select")
_SHARED = ("rule", "extends", "params", "metrics", "levels", "owner", "version")


def well_formed(
    document: Document,
    folder: Path,
    given: Settings = NOTHING,
    waiving: Waiving | None = None,
    reader: Reader = DISK,
) -> RuleSet:
    """Return the rules of a profile or rule file; `given` sets parameters.

    With `waiving`, the notes say which waivers have expired, or are for nobody or everybody.

    Raises Problem with all findings when one is an error.
    """
    if is_rule_file(document):
        return rule_set(document, folder, given, reader)
    try:
        question = whole_question(document, folder, given=given, reader=reader)
    except Problem as problem:
        raise _with_old_waivers(problem, document, waiving) from None
    notes = question.notes
    if waiving is not None and question.waivers:
        from sizer.load.waivers import waiver_findings  # noqa: PLC0415  # few profiles have any

        notes = (*notes, *waiver_findings(waived(question, waiving)))
    return RuleSet(question.profile.rule, question.policy, question.origins, notes, question)


def _with_old_waivers(problem: Problem, document: Document, waiving: Waiving | None) -> Problem:
    if waiving is None or not document.data.get("waiver"):
        return problem
    from sizer.load.waivers import old_waivers  # noqa: PLC0415  # few profiles have any

    return Problem(tuple(in_order([*problem.diagnostics, *old_waivers(document, waiving)])))


def is_rule_file(document: Document) -> bool:
    """Return whether a file holds rules to share, and nothing of a question."""
    data = document.data
    shared = any(table in data for table in _SHARED)
    return shared and not any(table in data for table in _QUESTION)


def is_price_file(document: Document) -> bool:
    """Return whether a file holds prices, and nothing else."""
    return set(document.data) == {"prices"}


def is_test(path: Path) -> bool:
    """Return whether a file is one of tests, by its name."""
    return path.name.endswith(TESTS)


def tested_name(path: Path) -> str:
    """Return the name of the file beside a file of tests that it tries unless it says otherwise."""
    return f"{path.name.removesuffix(TESTS)}.toml"
