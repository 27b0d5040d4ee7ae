"""The order of a profile that states none: by what a token costs, else by what is known."""

from __future__ import annotations

from attrs import evolve

from sizer.expr.language import SortKey
from sizer.load import Question
from sizer.pipeline.search import resolved
from sizer.resolve import Resolved
from sizer.resolve.facts import Facts
from sizer.schema.answered.assumption import DefaultOrder, UntimedSettings
from sizer.schema.answered.drafting import UnknownAcceptance
from sizer.schema.asked.tasks import reads_only

COST = "cost_usd_per_mtok"
READING = (
    SortKey("cost_usd_per_mtok_input", descending=False),
    SortKey("requests_per_second_per_gpu", descending=True),
)
UNTIMED = (SortKey("cost_usd_per_hour", descending=False), SortKey("gpus", descending=False))
UNTIMING = (UntimedSettings, UnknownAcceptance)
ROOM = SortKey("max_concurrency", descending=True)


def resolved_question(
    question: Question, facts: Facts, *, many: bool = False
) -> tuple[Question, Resolved]:
    """Return a question with its facts; what it does not sort by is ranked by what is known.

    Where no times are, it is by what accelerators cost, or by how few they are, and then by the
    requests that have room. With `many` there may be more candidates than one core judges in a
    minute. Raises Problem as resolve does.
    """
    found = resolved(question, facts, many=many)
    if question.policy.unasked_sort and reads_only(found.scenario.task):
        question = _reading(question)
    priced = any(found.scenario.prices)
    timed = not any(isinstance(each, UNTIMING) for each in found.assumptions)
    if not question.policy.unasked_sort or (priced and timed):
        return question, found
    if timed:
        known = tuple(key for key in question.policy.sort if not key.name.startswith(COST))
        return _sorted_by(known, question, found, priced=False)
    return _sorted_by((UNTIMED[not priced], ROOM), question, found, priced=True)


def _reading(question: Question) -> Question:
    """Return a question that is sorted by what reading costs, as nothing is written."""
    sort = " then ".join(key.name for key in READING)
    profile = evolve(question.profile, select=evolve(question.profile.select, sort=sort))
    return evolve(question, profile=profile, policy=evolve(question.policy, sort=READING))


def _sorted_by(
    known: tuple[SortKey, ...], question: Question, found: Resolved, *, priced: bool
) -> tuple[Question, Resolved]:
    sort = " then ".join(key.name for key in known)
    profile = evolve(question.profile, select=evolve(question.profile.select, sort=sort))
    ranked = evolve(question, profile=profile, policy=evolve(question.policy, sort=known))
    note = DefaultOrder(sort, "times" if priced else "prices")
    return ranked, evolve(found, assumptions=(*found.assumptions, note))
