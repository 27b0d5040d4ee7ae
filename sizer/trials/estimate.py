"""A candidate of a profile, estimated for a case."""

from __future__ import annotations

from itertools import islice

from sizer.load.question import Question
from sizer.pipeline import report, silent
from sizer.pipeline.answers import judged
from sizer.pipeline.search import resolved
from sizer.schema.answered.trial import NoSuchCandidate
from sizer.select import candidate_id, row_of
from sizer.select.neighbours import named
from sizer.structure.nearest import nearest
from sizer.trials.subject import Subject

MOST_NAMES = 10_000  # more are not searched for a likely one


def estimated(candidate: str | None, question: Question) -> Subject:
    """Return a candidate by its name, or the chosen one. Raises Problem as resolve does."""
    found = resolved(question)
    if candidate is None:
        (answer,) = report(question, found, 1, silent).answers
        chosen = answer.chosen
        return Subject(None) if chosen is None else Subject(chosen.metrics, chosen.candidate)
    scenario = found.scenario
    rows = named(scenario, candidate)
    if not len(rows):
        known = (candidate_id(scenario, row) for row in range(len(scenario)))
        near = nearest(candidate, islice(known, MOST_NAMES))
        return Subject(None, missing=NoSuchCandidate(near))
    few = judged(scenario, rows, question.policy)
    return Subject(row_of(few.table, few.deciding(0)))
