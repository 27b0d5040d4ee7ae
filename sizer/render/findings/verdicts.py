"""What an answer says against its profile, as findings: for whatever lets a change pass or not."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.diagnostic import SEVERITIES, Checked, Diagnostic, Place
from sizer.render import figures
from sizer.render.findings import render as rendered
from sizer.schema.report import Answer, Finding, Report

NOBODY = "SZ304"


def gate(report: Report, form: str) -> str:
    """Return what the choices of a report do not keep, in one of formats.GATES."""
    return rendered(verdicts(report), form)


def verdicts(report: Report) -> Checked:
    """Return a finding for each rule that a choice does not keep, and each model without one.

    A rule's id is the code; what is waived is there, and fails nothing.
    """
    file = report.profile or "profile"
    found = tuple(each for answer in report.answers for each in _of(answer, Place(file)))
    return Checked((file,), (), found)


def _of(answer: Answer, place: Place) -> Iterator[Diagnostic]:
    if answer.chosen is None:
        miss = answer.near_miss
        help_ = None
        if miss:
            bounds = "; ".join(figures.missed(bound) for bound in miss.bounds)
            help_ = f"nearest is {miss.candidate}: {bounds}"
        yield Diagnostic(NOBODY, f"{answer.model}: {answer.reasoning}", place, help_)
        return
    for finding in answer.chosen.findings:
        yield _broken(answer, finding, place)


def _broken(answer: Answer, finding: Finding, place: Place) -> Diagnostic:
    outcome = " (unknown)" if finding.outcome == "unknown" else ""
    said = f"{answer.model}: {finding.message}{outcome}"
    severity = next(level for level in SEVERITIES if level == finding.level)
    return Diagnostic(finding.rule, said, place, None, severity, finding.waiver)
