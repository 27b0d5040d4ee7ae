"""The candidate that a case is about: given, named in a profile, or the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from itertools import islice

import numpy as np
from attrs import frozen

from sizer.estimate import estimate
from sizer.judge import judge
from sizer.judge.given import given_table
from sizer.load.cases import Tried
from sizer.load.question import Question
from sizer.pipeline import report, silent
from sizer.pipeline.answers import EVERYTHING
from sizer.resolve import resolve
from sizer.schema.report import Value
from sizer.select import best, candidate_id, row_of
from sizer.select.neighbours import named
from sizer.structure.nearest import did_you_mean

MOST_NAMES = 10_000  # more are not searched for a likely one


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
        return _best(tried, question)
    if tried.rows or question is None:
        return Standing(next(iter(tried.rows.values()), None))
    return _estimated(tried.case.candidate, question)


def is_called(name: str | None, pattern: str) -> bool:
    """Return whether a candidate has a name, in which `*` stands for anything."""
    return name is not None and (name == pattern or fnmatchcase(name, pattern))


def _best(tried: Tried, question: Question) -> Standing:
    """Return the first of several candidates by hand; ties end in their names."""
    names = sorted(tried.rows)
    table = given_table([tried.rows[name] for name in names])
    verdicts = judge(question.policy, table)
    alive = np.logical_and.reduce([each.admits for each in verdicts])
    ties = (np.arange(len(names), dtype=np.int32),)
    first = best(np.flatnonzero(alive), question.policy.sort, table, ties, 1)
    if not len(first):
        return Standing(None)
    return Standing(row_of(table, int(first[0])), names[int(first[0])])


def _estimated(candidate: str | None, question: Question) -> Standing:
    resolved = resolve(question.profile, question.folder, question.place)
    if candidate is None:
        (answer,) = report(question, resolved, 1, silent).answers
        chosen = answer.chosen
        return Standing(None) if chosen is None else Standing(chosen.metrics, chosen.candidate)
    rows = named(resolved.scenario, candidate)
    if not len(rows):
        known = (candidate_id(resolved.scenario, row) for row in range(len(resolved.scenario)))
        near = did_you_mean(candidate, islice(known, MOST_NAMES))
        return Standing(None, missing=near or "`sizer run --all` lists those that survive")
    return Standing(row_of(estimate(resolved.scenario.take(rows[:1]), EVERYTHING), 0))
