"""The candidate that a case is about: given, named in a profile, or the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from attrs import frozen

from sizer.load.cases import Tried
from sizer.schema.report import Value


@frozen(eq=False)
class Standing:
    """What a case is about: a candidate's metrics, and the name of the chosen one if one is.

    Without metrics nothing survives or, as `missing` says, the profile has no such candidate.
    """

    metrics: Mapping[str, Value] | None
    chosen: str | None = None
    missing: str | None = None


def standing(tried: Tried) -> Standing:
    """Return what a case is about. Raises Problem as resolve does."""
    question = tried.rules.question
    if tried.case.candidates and question is not None:
        from sizer.trials.chosen import chosen  # noqa: PLC0415  # few cases give several

        return chosen(tried.rows, question)
    if tried.rows or question is None:
        return Standing(next(iter(tried.rows.values()), None))
    from sizer.trials.estimated import estimated  # noqa: PLC0415  # few cases need the estimator

    return estimated(tried.case.candidate, question)


def is_called(name: str | None, pattern: str) -> bool:
    """Return whether a candidate has a name, in which `*` stands for anything."""
    return name is not None and (name == pattern or fnmatchcase(name, pattern))
