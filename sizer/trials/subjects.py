"""The candidate that a case is about: given, named in a profile, or the one that is chosen."""

from __future__ import annotations

from sizer.load.cases import ReadCase
from sizer.trials.subject import Subject


def subject_of(tried: ReadCase) -> Subject:
    """Return what a case is about. Raises Problem as resolve does."""
    question = tried.rules.question
    if tried.case.candidates and question is not None:
        from sizer.trials.choice import chosen  # noqa: PLC0415  # few cases give several

        return chosen(tried.rows, question)
    if tried.rows or question is None:
        return Subject(next(iter(tried.rows.values()), None))
    from sizer.trials.estimate import estimated  # noqa: PLC0415  # few cases need the estimator

    return estimated(tried.case.candidate, question)
