"""Files of rule tests: a document to a value."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.diagnostic import Diagnostic
from sizer.schema.asked.case import OUTCOMES, Case, CaseFile
from sizer.structure.shape.breadth import refuse_too_many
from sizer.structure.shape.faults import MISSING, VALUE
from sizer.structure.shape.profile import read_as
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path

_ESTIMATED = ("profile", "model", "candidate")


def read_cases(document: Document) -> tuple[CaseFile, list[Diagnostic]]:
    """Return what can be read of a file of tests, and every fault of its shape.

    Raises Problem (SZ004) when it holds more values than are looked at.
    """
    refuse_too_many(document)
    file, faults = read_as(document, CaseFile)
    if not document.data.get("case"):
        place = document.place(("case",))
        faults.append(Diagnostic(MISSING, "there is no [[case]]", place, "write one"))
    for index, case in enumerate(file.case):
        faults += _expectations(document, index, case)
        faults += _contradictions(document, index, case)
    return file, faults


def _expectations(document: Document, index: int, case: Case) -> Iterator[Diagnostic]:
    """Yield what makes a case hold always, or never."""
    if document.value(("case", index, "expect")) == {}:
        place = document.place(("case", index, "expect"), key=True)
        yield Diagnostic(VALUE, "expect must not be empty", place, "a case expects something")
    seen: dict[str, str] = {}
    for outcome in OUTCOMES:
        for position, name in enumerate(getattr(case.expect, outcome)):
            if name in seen:
                place = document.place(("case", index, "expect", outcome, position))
                message = f"{name!a} is expected under {seen[name]} too"
                yield Diagnostic(VALUE, message, place, "a rule ends in one way")
            seen.setdefault(name, outcome)
    for name in case.expect.messages:
        if seen.get(name) in {"passes", "not_applicable"}:
            place = document.place(("case", index, "expect", "messages", name), key=True)
            message = f"{name!a} says nothing, as it is expected under {seen[name]}"
            yield Diagnostic(VALUE, message, place, "only rules that do not pass say something")


def _contradictions(document: Document, index: int, case: Case) -> Iterator[Diagnostic]:
    """Yield keys of an estimated candidate beside metrics by hand, and a choice of nothing."""

    def fault(message: str, help_: str, *keys: str) -> Diagnostic:
        path: Path = ("case", index, *keys)
        return Diagnostic(VALUE, message, document.place(path, key=True), help_)

    if case.by_hand:
        for key in _ESTIMATED:
            if getattr(case, key) is not None:
                yield fault(f"{key} excludes metrics by hand", "give one or the other", key)
    if case.given and not case.candidates and case.expect.chosen is not None:
        help_ = "write `candidates`, or expect that the candidate `survives`"
        yield fault("chosen needs several candidates", help_, "expect", "chosen")
    if case.candidate is not None and case.expect.chosen is not None:
        help_ = "leave out `candidate`: rules are then those of the chosen one"
        yield fault("chosen is not asked of one candidate", help_, "expect", "chosen")
