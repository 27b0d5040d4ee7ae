"""Every candidate of a question, each with the replicas that are looked for."""

from __future__ import annotations

from attrs import evolve

from sizer.load import Question
from sizer.pipeline.search.fewest import at_fewest
from sizer.resolve import Resolved, resolve
from sizer.resolve.facts import CATALOG, Facts


def resolved(question: Question, facts: Facts = CATALOG, *, many: bool = False) -> Resolved:
    """Return the candidates of a question. Raises Problem as `resolve` does.

    With `many` there may be more of them than one core judges in a minute.
    """
    found = resolve(
        question.profile,
        question.folder,
        question.place,
        facts,
        question.prices,
        question.traffic,
        many=many,
    )
    return evolve(found, scenario=at_fewest(found.scenario, question.policy))
