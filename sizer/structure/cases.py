"""Files of rule tests: a document to a value."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.diagnostic import Diagnostic
from sizer.schema.case import Case, CaseFile
from sizer.structure.document import Document
from sizer.structure.faults import MISSING, VALUE
from sizer.structure.profile import read_as


def read_cases(document: Document) -> tuple[CaseFile, list[Diagnostic]]:
    """Return what can be read of a file of tests, and every fault of its shape."""
    file, faults = read_as(document, CaseFile)
    if not document.data.get("case"):
        place = document.place(("case",))
        faults.append(Diagnostic(MISSING, "there is no [[case]]", place, "write one"))
    for index, case in enumerate(file.case):
        faults += _expectations(document, index, case)
    return file, faults


def _expectations(document: Document, index: int, case: Case) -> Iterator[Diagnostic]:
    """Yield what makes a case hold always, or never."""
    expect = case.expect
    if document.value(("case", index, "expect")) == {}:
        place = document.place(("case", index, "expect"), key=True)
        yield Diagnostic(VALUE, "expect must not be empty", place, "a case expects something")
    seen: dict[str, str] = {}
    for outcome, names in expect.outcomes.items():
        for position, name in enumerate(names):
            if name in seen:
                place = document.place(("case", index, "expect", outcome, position))
                message = f"{name!a} is expected under {seen[name]} too"
                yield Diagnostic(VALUE, message, place, "a rule ends in one way")
            seen.setdefault(name, outcome)
    for name in expect.messages:
        if seen.get(name) in {"passes", "not_applicable"}:
            place = document.place(("case", index, "expect", "messages", name), key=True)
            message = f"{name!a} says nothing, as it is expected under {seen[name]}"
            yield Diagnostic(VALUE, message, place, "only rules that do not pass say something")
