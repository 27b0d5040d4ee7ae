"""`NAME.sizer-test.toml`: tests of a rule file or profile, checked before anything is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from sizer.diagnostic import (
    MOST_OF_A_KIND,
    Diagnostic,
    Place,
    Problem,
    bounded,
    in_order,
    too_many_faults,
)
from sizer.load.cases.case_metrics import Row
from sizer.load.cases.case_reader import CaseReader
from sizer.load.cases.unjudged import faults_beside
from sizer.load.question.question import RuleSet
from sizer.load.rule_sets import tested_name, well_formed
from sizer.load.sites.site import Site, refusal, shared_site
from sizer.schema.asked.case import Case, CaseFile
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.shape.cases import read_cases
from sizer.structure.toml.document import Document, read_document

_KEPT = {"fits": True, "fits_surely": True, "overloaded": False}


@frozen(eq=False)
class ReadCase:
    """A case with the candidates that it gives by name, and the rules that judge it."""

    case: Case
    index: int
    rows: Mapping[str, Row]
    rules: RuleSet = field(repr=False)


@frozen(eq=False)
class Cases:
    """A file of tests that is well formed; `target` is the file whose rules they try."""

    document: Document
    target: Document
    rules: RuleSet = field(repr=False)
    tried: tuple[ReadCase, ...]
    notes: tuple[Diagnostic, ...] = ()


def load_cases(path: Path) -> Cases:
    """Return the tests of a file. Raises Problem with everything that is wrong with them."""
    return cases_of(read_document(path), path.parent)


def cases_of(document: Document, folder: Path, reader: Reader = DISK) -> Cases:
    """Return the tests of a parsed file whose relative paths start from a folder.

    Raises Problem: SZ601 an unknown rule, SZ602 an unknown metric, those of the shape, and those of
    the rules under test.
    """
    file, faults = read_cases(document)
    home = Site.of(document.file, folder, reader)
    site = _target(document, file, home, faults)
    target, rules = _opened(site, document, file, faults)
    tried = tuple(_tried(file, CaseReader(document, home, target, site, rules, faults)))
    if any(each.severity == "error" for each in faults):
        raise Problem(tuple(in_order(faults)))
    return Cases(document, target, rules, tried, tuple(in_order(faults)))


def _tried(file: CaseFile, reader: CaseReader) -> Iterator[ReadCase]:
    """Yield each case; after very many faults the rest is not looked at."""
    for index, case in enumerate(file.case):
        if len(reader.faults) > MOST_OF_A_KIND:
            reader.faults.append(too_many_faults(Place(reader.document.file)))
            return
        rules = reader.rules_of(index, case)
        rows = reader.rows(index, case, rules.policy.metrics)
        yield ReadCase(case, index, _serving(rows, rules), rules)


def _serving(rows: Mapping[str, Row], rules: RuleSet) -> Mapping[str, Row]:
    """Return candidates by hand; one that says nothing of a condition nobody wrote keeps it."""
    implied = rules.question.implied if rules.question else ()
    kept = {name: _KEPT[name] for condition in implied for name in condition.names}
    return {candidate: {**kept, **row} for candidate, row in rows.items()}


def _target(document: Document, file: CaseFile, site: Site, faults: list[Diagnostic]) -> Site:
    """Return where the rules under test stand. Raises Problem if that may not be read."""
    name = file.rules or tested_name(Path(document.file))
    found = shared_site(site, name)
    refused = refusal(found, name, site, (site.real,), 0)
    if refused:
        code, message, help_ = refused
        help_ = help_ or "`rules` names the file under test"
        faults.append(Diagnostic(code, message, document.place(("rules",)), help_))
        raise Problem(tuple(in_order(faults)))
    return found


def _opened(
    site: Site, document: Document, file: CaseFile, faults: list[Diagnostic]
) -> tuple[Document, RuleSet]:
    """Return the rules under test. Raises Problem with their faults and those of the tests."""
    target = None
    try:
        target = site.document()
        return target, well_formed(target, site.folder, reader=site.reader)
    except Problem as problem:
        unjudged = bounded(list(faults_beside(document, file, target)))
        raise Problem(tuple(in_order([*faults, *problem.diagnostics, *unjudged]))) from None
