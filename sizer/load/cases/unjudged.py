"""What is wrong with tests whose rules have faults of their own, as far as that can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sizer.diagnostic import Diagnostic
from sizer.load.cases.case_metrics import METRIC, read_given
from sizer.load.cases.case_reader import strangers
from sizer.schema.asked.case import Case, CaseFile
from sizer.schema.asked.parameter import Scalar
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys


def faults_beside(
    document: Document, file: CaseFile, target: Document | None
) -> Iterator[Diagnostic]:
    """Yield the faults of cases that need no rules to be told.

    Whether a metric or a rule exists can be told of a target that extends no file: what it
    defines stands in it.
    """
    alone = target is not None and not target.data.get("extends")
    rules = _ids(target) if alone and target is not None else None
    metrics = alone and target is not None and not target.data.get("metrics")
    for index, case in enumerate(file.case):
        if case.profile is not None:
            continue
        for keys, given in _tables(index, case):
            _, faults = read_given(given, document, keys)
            yield from (each for each in faults if metrics or each.code != METRIC)
        if rules is not None:
            yield from strangers(document, index, case, rules)


def _tables(index: int, case: Case) -> Iterator[tuple[Keys, Mapping[str, Scalar]]]:
    yield ("case", index, "given"), case.given
    for name, given in case.candidates.items():
        yield ("case", index, "candidates", name), given


def _ids(target: Document) -> set[str]:
    rules = target.data.get("rule")
    tables = rules if isinstance(rules, list) else []
    return {str(each.get("id")) for each in tables if isinstance(each, dict)}
