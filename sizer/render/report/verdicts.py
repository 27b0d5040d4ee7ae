"""What an answer says against its profile, as findings: for whatever lets a change pass or not."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sizer.diagnostic import SEVERITIES, Checked, Diagnostic, Place, Related
from sizer.render.kit.phrases import misses, waived_by
from sizer.render.report.reasons import why
from sizer.schema.answered.report import Answer, Finding, Report

NOBODY = "SZ304"
PACK = "pack:"


def verdicts(report: Report, notes: tuple[Diagnostic, ...] = ()) -> Checked:
    """Return a finding for each rule that a choice does not keep, and each model without one.

    A rule's id is the code; what is waived is there, and fails nothing. A finding stands at its
    rule, names where the model is asked for, and is the same one while profile, model and rule are.
    `notes` are findings about the question, such as a waiver that expired.
    """
    file = _profile(report).file
    found = tuple(
        evolve(each, subject=f"{file}\n{answer.model}")
        for answer in report.answers
        for each in _of(answer, report)
    )
    return Checked((file,), (), (*found, *notes), today=report.today)


def _of(answer: Answer, report: Report) -> Iterator[Diagnostic]:
    asked = report.model_places.get(answer.model) or _profile(report)
    if answer.chosen is None:
        if not answer.survivors:  # else a note says why none can be ranked
            yield _nobody(answer, asked, report)
        return
    for finding in answer.chosen.findings:
        yield _broken(answer, finding, asked, report.rule_places.get(finding.rule))


def _nobody(answer: Answer, asked: Place, report: Report) -> Diagnostic:
    said, miss = f"{answer.model}: {why(answer)}", answer.near_miss
    if miss is None:
        return Diagnostic(NOBODY, said, asked)
    bounds = "; ".join(misses(miss))
    conditions = dict.fromkeys(bound.condition for bound in miss.bounds)
    places = ((name, report.rule_places.get(name)) for name in conditions)
    related = tuple(Related(f"condition {name}", place) for name, place in places if place)
    help_ = f"nearest is {miss.candidate}: {bounds}"
    return Diagnostic(NOBODY, said, asked, help_, related=related)


def _broken(answer: Answer, finding: Finding, asked: Place, rule: Place | None) -> Diagnostic:
    outcome = " (unknown)" if finding.outcome == "unknown" else ""
    said = f"{answer.model}: {finding.message}{outcome}"
    severity = next(level for level in SEVERITIES if level == finding.level)
    place: Place = asked
    related: tuple[Related, ...] = ()
    if rule is not None and rule.file.startswith(PACK):  # no file of the repository
        related = (Related(f"rule {finding.rule}", rule),)
    elif rule is not None:
        place, related = rule, (Related("asked for", asked),)
    waiver = None if finding.waiver is None else waived_by(finding.waiver)
    return Diagnostic(finding.rule, said, place, None, severity, waiver, related)


def _profile(report: Report) -> Place:
    return Place(report.profile or "profile")
