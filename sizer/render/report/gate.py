"""A report in the forms that let a change pass or not: they read findings, not answers."""

from __future__ import annotations

from sizer.diagnostic import Diagnostic
from sizer.render.forms import FINDINGS
from sizer.render.report.verdicts import verdicts
from sizer.schema.answered.report import Report


def gate(report: Report, form: str, notes: tuple[Diagnostic, ...] = ()) -> str:
    """Return what the choices of a report do not keep, and notes, in one of forms.GATES."""
    return FINDINGS.render(verdicts(report, notes), form)
