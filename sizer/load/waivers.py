"""Waivers that no longer hold, are for nobody or for everybody, found without an estimate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from sizer.diagnostic import Diagnostic
from sizer.expr.check import CompiledWaiver
from sizer.expr.evaluate import evaluate_row
from sizer.expr.language import Expression
from sizer.expr.partial_rows import asks_what_is_known, holds_for_none
from sizer.expr.regions import where
from sizer.load.names.candidate_facts import CandidateFacts, Row
from sizer.load.names.names import vocabulary
from sizer.load.question.question import Question
from sizer.load.rules.waiver_day import EXPIRED, Waiving
from sizer.schema.asked.names import SPLIT
from sizer.schema.asked.profile import Waiver
from sizer.structure.shape.profile import read_profile
from sizer.structure.toml.document import Document

FOR_NOBODY = "SZ401"
OLD = "SZ402"
FOR_EVERYBODY = "SZ403"
SOON = "SZ405"
SOON_DAYS = 14
COUNTS = frozenset((*SPLIT, "gpus", "replicas"))


def waiver_findings(question: Question) -> Iterator[Diagnostic]:
    """Yield what is wrong with a question's waivers: SZ401, SZ402, SZ403, or SZ405 for a while."""
    numbered = ((each.index, each.waiver) for each in question.waivers)
    old = dict(_old(numbered, question.document, question.waiving))
    yield from old.values()
    current = [
        each for each in question.waivers if each.index not in old or old[each.index].code == SOON
    ]
    if current:
        yield from _reach(question, current)


def old_waivers(document: Document, waiving: Waiving) -> Iterator[Diagnostic]:
    """Yield which waivers expire, SZ402 or SZ405, of a profile that has faults of other kinds."""
    profile, _ = read_profile(document)
    whole = ((n, each) for n, each in enumerate(profile.waiver) if each.rule and each.owner)
    yield from (found for _, found in _old(whole, document, waiving))


def _old(
    waivers: Iterable[tuple[int, Waiver]], document: Document, waiving: Waiving
) -> Iterator[tuple[int, Diagnostic]]:
    for index, waiver in waivers:
        old = _age(waiver, waiving)
        if old is not None:
            yield index, evolve(old, place=document.place(("waiver", index, "expires")))


def nobody(waiver: Waiver, *, selects: bool = False) -> Diagnostic:
    """Return the finding of a waiver that changes nothing; `selects` says that it is for some."""
    if selects:
        said = f"every candidate that this waiver is for keeps {waiver.rule!a}"
    else:
        said = f"the waiver of {waiver.rule!a} is for no candidate"
    return Diagnostic(FOR_NOBODY, said, help="remove it, or correct `match`")


def everybody(waiver: Waiver) -> Diagnostic:
    """Return the finding of a waiver that switches its rule off."""
    said = f"the waiver of {waiver.rule!a} is for every candidate"
    help_ = "narrow `match`, or change the rule's level in [levels]"
    return Diagnostic(FOR_EVERYBODY, said, help=help_)


def _age(waiver: Waiver, waiving: Waiving) -> Diagnostic | None:
    if waiving.status(waiver) == EXPIRED:
        said = f"the waiver of {waiver.rule!a} expired on {waiver.expires}"
        return Diagnostic(OLD, said, help="its rule counts again; remove or renew the waiver")
    left = (waiver.expires - waiving.today).days
    if left >= SOON_DAYS:
        return None
    said = f"the waiver of {waiver.rule!a} expires on {waiver.expires}"
    help_ = f"{waiver.owner} answers for it; today is {waiving.today}"
    return Diagnostic(SOON, said, help=help_, severity="info")


def _reach(question: Question, waivers: list[CompiledWaiver]) -> Iterator[Diagnostic]:
    """Yield a finding for each waiver that is surely for no candidate, or surely for all."""
    known = CandidateFacts(question.profile, question.folder)
    for each in waivers:
        rows = known.rows(each.match.names)
        region = where(each.match.tree.body, vocabulary())
        place = question.document.place(("waiver", each.index, "match"))
        if rows and holds_for_none(each.match, region, rows, known.limits):
            yield evolve(nobody(each.waiver), place=place)
        elif asks_what_is_known(each.match):
            continue
        elif _holds_for_every_split(each.match) or _holds_for_all(each.match, rows):
            yield evolve(everybody(each.waiver), place=place)


def _holds_for_all(match: Expression, rows: Sequence[Row]) -> bool:
    return {evaluate_row(match, row) for row in rows} == {True}


def _holds_for_every_split(match: Expression) -> bool:
    """Return whether a condition on counts alone, which every candidate has, is never false."""
    return match.names <= COUNTS and not where(match.tree.body, vocabulary(), holds=False)
