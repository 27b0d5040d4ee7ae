"""The candidate that a case is about: given, named in a profile, or the one that is chosen."""

from __future__ import annotations

from sizer.expr.check import Policy
from sizer.expr.evaluate import evaluate_row
from sizer.expr.language import Cell
from sizer.load.cases import ReadCase, Row
from sizer.trials.subject import Subject


def subject_of(tried: ReadCase) -> Subject:
    """Return what a case is about. Raises Problem as resolve does."""
    question = tried.rules.question
    if tried.case.candidates and question is not None:
        from sizer.trials.choice import chosen  # noqa: PLC0415  # few cases give several

        return chosen(tried.rows, question)
    if tried.rows or question is None:
        row = next(iter(tried.rows.values()), None)
        return Subject(None if row is None else {**row, **_own(tried.rules.policy, row)})
    from sizer.trials.estimate import estimated  # noqa: PLC0415  # few cases need the estimator

    return estimated(tried.case.candidate, question)


def _own(policy: Policy, row: Row) -> dict[str, Cell]:
    """Return the own metrics of a candidate by hand."""
    return {name: evaluate_row(each, row) for name, each in policy.metrics.items()}
