"""Many files checked together, whether they ask a question, share rules or test them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import Factory, field, frozen

from sizer.diagnostic import Checked, Diagnostic, Problem, in_order
from sizer.expr.check import Draft
from sizer.load.consistency.findings import together
from sizer.load.rule_sets import is_price_file, is_rule_file, is_test, well_formed
from sizer.load.rules.selection import EVERY, Selection
from sizer.load.rules.waiver_day import Waiving
from sizer.load.sites.discovery import discovered, is_excluded
from sizer.schema.asked.profile import Rule
from sizer.structure.files.reader import Reader
from sizer.structure.toml.document import Document, read_document


def check(
    names: Iterable[str | Path],
    selection: Selection = EVERY,
    given: Mapping[str, bytes] | None = None,
    exclude: tuple[str, ...] = (),
    waiving: Waiving | None = None,
) -> Checked:
    """Return every fault of files, of all in folders, and of what matches globs, each once.

    What extends a rule file among them is checked too. `given` holds contents that stand in place
    of files, such as what an editor has not saved: each is checked, and is what others see that
    name its file. Globs of `exclude` leave out files that were not named themselves. Waivers are
    checked on the day of `waiving`, else today. A glob of the selection that matches no rule of any
    file is a fault (SZ508).
    """
    unsaved = given or {}
    named = discovered((str(name) for name in names), exclude)
    found = _Findings(Reader(unsaved), list(named.faults), waiving or Waiving())
    for file in unsaved:
        found.take(file)
    files = [file for file in named.files if file not in unsaved]
    shared = [Path(file) for file in files if found.take(file)]
    seen = named.seen.union(map(os.path.realpath, unsaved))
    others = [
        _shown(path, files)
        for path in _dependents(shared, found.reader)
        if os.path.realpath(path) not in seen and not is_excluded(path, exclude)
    ]
    for file in others:
        found.take(file)
    if not any(each.severity == "error" for each in found.diagnostics):
        found.diagnostics.extend(selection.faults(found.rules))
    told = tuple(in_order(found.diagnostics))
    return Checked((*unsaved, *files), tuple(others), told, today=next(iter(found.days), None))


@frozen(eq=False, repr=False)
class _Findings:
    """What was found so far, and the rules that were read.

    `days` has the day on which waivers were checked, if there were any.
    """

    reader: Reader
    diagnostics: list[Diagnostic]
    waiving: Waiving
    rules: list[Rule] = field(default=Factory(list))
    days: set[str] = field(default=Factory(set))

    def take(self, file: str) -> bool:
        """Take what is wrong with a file; return whether it holds rules to share."""
        path = Path(file)
        shares = False
        try:
            document = read_document(path, self.reader)
            shares = is_rule_file(document)
            self._take(document, path.parent)
        except Problem as caught:
            self.diagnostics.extend(caught.diagnostics)
        return shares

    def _take(self, document: Document, folder: Path) -> None:
        if is_test(Path(document.file)):
            from sizer.load.cases.cases import cases_of  # noqa: PLC0415  # few files are tests

            self.diagnostics.extend(cases_of(document, folder, self.reader).notes)
            return
        if is_price_file(document):
            from sizer.load.price_file import price_findings  # noqa: PLC0415  # few files are

            self.diagnostics.extend(price_findings(document))
            return
        if "traffic" in document.data:
            from sizer.load.traffic import read_traffic  # noqa: PLC0415  # few files are

            self.diagnostics.extend(read_traffic(Path(document.file), self.reader)[2])
            return
        if document.data.get("waiver"):
            self.days.add(str(self.waiving.today))
        checked = well_formed(document, folder, waiving=self.waiving, reader=self.reader)
        self.diagnostics.extend(checked.notes)
        asked = (checked.question.profile, folder) if checked.question else None
        draft = Draft.of(checked.policy)
        self.diagnostics.extend(together(draft, document, checked.origins, asked))
        self.rules.extend(checked.rules)


def _dependents(shared: list[Path], reader: Reader) -> list[Path]:
    if not shared:
        return []
    from sizer.load.files.dependents import dependents  # noqa: PLC0415  # only rule files have any

    return dependents(shared, reader)


def _shown(path: Path, named: list[str]) -> str:
    """Return a path as the named ones are written: from where the command runs, unless none is."""
    if all(os.path.isabs(name) for name in named):  # noqa: PTH117  # names, not paths
        return str(path)
    return os.path.relpath(path)
