"""Many files checked together, whether they ask a question, share rules or test them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import Factory, field, frozen

from sizer.diagnostic import Checked, Diagnostic, Place, Problem, in_order, problem
from sizer.expr.check import Draft
from sizer.load.consistency.findings import together
from sizer.load.rule_sets import is_price_file, is_rule_file, is_test, well_formed
from sizer.load.rules.selection import EVERY, Selection
from sizer.load.rules.waiver_day import Waiving
from sizer.load.sites.discovery import discovered, is_excluded
from sizer.schema.asked.profile import Rule
from sizer.structure.files.text_file import LARGEST_BYTES, decoded
from sizer.structure.toml.document import Document, parse_document, read_document


def check(
    names: Iterable[str | Path],
    selection: Selection = EVERY,
    given: Mapping[str, bytes] | None = None,
    exclude: tuple[str, ...] = (),
    waiving: Waiving | None = None,
) -> Checked:
    """Return every fault of files, of all in folders, and of what matches globs, each once.

    What extends a rule file among them is checked too. `given` holds contents that stand in place
    of files, such as what an editor has not saved; globs of `exclude` leave out files that were not
    named themselves. Waivers are checked on the day of `waiving`, else today. A glob of the
    selection that matches no rule of any file is a fault (SZ508).
    """
    named = discovered((str(name) for name in names), exclude)
    found = _Findings(list(named.faults), waiving or Waiving())
    for file, content in (given or {}).items():
        found.take_text(file, content)
    files = [file for file in named.files if file not in (given or {})]
    for file in files:
        found.take(file)
    others = [
        _shown(path, files)
        for path in _dependents(found.shared)
        if os.path.realpath(path) not in named.seen and not is_excluded(path, exclude)
    ]
    for file in others:
        found.take(file)
    if not any(each.severity == "error" for each in found.diagnostics):
        found.diagnostics.extend(selection.faults(found.rules))
    told = tuple(in_order(found.diagnostics))
    return Checked(
        (*(given or {}), *files), tuple(others), told, today=next(iter(found.days), None)
    )


@frozen(eq=False, repr=False)
class _Findings:
    """What was found so far, the rules that were read, and the files that share some.

    `days` has the day on which waivers were checked, if there were any.
    """

    diagnostics: list[Diagnostic]
    waiving: Waiving
    rules: list[Rule] = field(default=Factory(list))
    shared: list[Path] = field(default=Factory(list))
    days: set[str] = field(default=Factory(set))

    def take(self, file: str) -> None:
        path = Path(file)
        try:
            document = read_document(path)
            if is_rule_file(document):
                self.shared.append(path)
            self._take(document, path.parent)
        except Problem as caught:
            self.diagnostics.extend(caught.diagnostics)

    def take_text(self, file: str, content: bytes) -> None:
        try:
            if len(content) > LARGEST_BYTES:
                raise problem("SZ004", f"more than {LARGEST_BYTES:,} bytes", Place(file))
            self._take(parse_document(decoded(content, file), file), Path(file).parent)
        except Problem as caught:
            self.diagnostics.extend(caught.diagnostics)

    def _take(self, document: Document, folder: Path) -> None:
        if is_test(Path(document.file)):
            from sizer.load.cases.cases import cases_of  # noqa: PLC0415  # few files are tests

            self.diagnostics.extend(cases_of(document, folder).notes)
            return
        if is_price_file(document):
            from sizer.load.price_file import price_findings  # noqa: PLC0415  # few files are

            self.diagnostics.extend(price_findings(document))
            return
        if document.data.get("waiver"):
            self.days.add(str(self.waiving.today))
        checked = well_formed(document, folder, waiving=self.waiving)
        self.diagnostics.extend(checked.notes)
        asked = (checked.question.profile, folder) if checked.question else None
        draft = Draft.of(checked.policy)
        self.diagnostics.extend(together(draft, document, checked.origins, asked))
        self.rules.extend(checked.rules)


def _dependents(shared: list[Path]) -> list[Path]:
    if not shared:
        return []
    from sizer.load.files.dependents import dependents  # noqa: PLC0415  # only rule files have any

    return dependents(shared)


def _shown(path: Path, named: list[str]) -> str:
    """Return a path as the named ones are written: from where the command runs, unless none is."""
    if all(os.path.isabs(name) for name in named):  # noqa: PTH117  # names, not paths
        return str(path)
    return os.path.relpath(path)
