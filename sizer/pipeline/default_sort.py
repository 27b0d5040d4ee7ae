"""The order of a profile that states none: by what a token costs, or without prices by pace."""

from __future__ import annotations

from attrs import evolve

from sizer.load import Question
from sizer.resolve import Resolved, resolve
from sizer.resolve.facts import Facts
from sizer.schema.answered.assumption import DefaultOrder

COST = "cost_usd_per_mtok"


def resolved_question(question: Question, facts: Facts) -> tuple[Question, Resolved]:
    """Return a question with its facts; what it does not sort by is ranked by what is known.

    Raises Problem as resolve does.
    """
    resolved = resolve(question.profile, question.folder, question.place, facts, question.prices)
    if not question.policy.unasked_sort or any(resolved.scenario.prices):
        return question, resolved
    known = tuple(key for key in question.policy.sort if key.name != COST)
    sort = " then ".join(key.name for key in known)
    profile = evolve(question.profile, select=evolve(question.profile.select, sort=sort))
    ranked = evolve(question, profile=profile, policy=evolve(question.policy, sort=known))
    return ranked, evolve(resolved, assumptions=(*resolved.assumptions, DefaultOrder(sort)))
