"""What came of a profile's waivers."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sizer.diagnostic import Diagnostic
from sizer.judge.tally import Tally
from sizer.load import Question
from sizer.load.rules import IN_FORCE
from sizer.load.waivers import everybody, nobody, waiver_findings
from sizer.schema.answered.report import Report, Waived


def waivers_of(question: Question, tally: Tally) -> tuple[Waived, ...]:
    """Return every waiver with how it stands, and how many candidates it is for and changes."""
    return tuple(
        Waived(
            rule=each.waiver.rule,
            match=" ".join(each.waiver.match.split()),
            reason=each.waiver.reason,
            owner=each.waiver.owner,
            expires=str(each.waiver.expires),
            ticket=each.waiver.ticket,
            status=question.waiving.status(each.waiver),
            matched=tally.matched.get(each.index, 0),
            waived=tally.waived.get(each.index, 0),
            everywhere=tally.everywhere.get(each.index, 0),
        )
        for each in question.waivers
    )


def waiver_notes(question: Question, report: Report) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the waivers, now that every candidate is judged.

    They do not refuse the question, which is answered by the waivers as they stand.
    """
    before = {each.place: each for each in waiver_findings(question)}
    found = {each.place: each for each in _counted(question, report)}
    return tuple(
        evolve(each, severity="warning") if each.severity == "error" else each
        for each in (before | found).values()
    )


def _counted(question: Question, report: Report) -> Iterator[Diagnostic]:
    candidates = sum(answer.candidates for answer in report.answers)
    for compiled, used in zip(question.waivers, report.waivers, strict=True):
        if used.status != IN_FORCE or not candidates:
            continue
        place = question.document.place(("waiver", compiled.index, "match"))
        if not used.waived:
            yield evolve(nobody(compiled.waiver, selects=used.matched > 0), place=place)
        elif used.everywhere == candidates > 1:
            yield evolve(everybody(compiled.waiver), place=place)
