"""Which tests a command means: files of tests, rule files that have some, folders of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.load.cases.cases import Cases
from sizer.load.rule_sets import TESTS, is_rule_file, is_test, well_formed
from sizer.load.sites.discovery import is_excluded, sizer_files
from sizer.structure.files.path_kind import is_file, is_folder
from sizer.structure.toml.document import read_document

NO_TEST = "SZ605"


def suites(paths: Iterable[Path], exclude: tuple[str, ...] = ()) -> list[Path]:
    """Return every file of tests that the paths mean, in order, each once.

    Globs of `exclude` leave out what is in folders.

    Raises Problem (SZ605) for each path that has none.
    """
    found: dict[Path, None] = {}
    faults: list[Diagnostic] = []
    for path in paths:
        here = _in_folder(path, exclude) if is_folder(path) else [_beside(path)]
        if not here or not all(map(is_file, here)):
            faults.append(_none(path))
        found |= dict.fromkeys(here)
    if faults:
        raise Problem(tuple(faults))
    return list(found)


def untested(
    paths: Iterable[Path], known: Iterable[Cases], exclude: tuple[str, ...] = ()
) -> list[Cases]:
    """Return the rule files that no test tries, from folders of `paths` that hold tests.

    Raises Problem with what is wrong with one of them.
    """
    tried = {Path(each.target.file).resolve() for each in known}
    tests = [found for path in paths if is_folder(path) for found in _in_folder(path, exclude)]
    folders = {found.parent for found in tests}
    others = [path for folder in folders for path in folder.glob("*.toml")]
    return [
        cases
        for path in sorted(others)
        if path.resolve() not in tried and not is_test(path) and not is_excluded(path, exclude)
        for cases in _without_case(path)
    ]


def _without_case(path: Path) -> Iterator[Cases]:
    """Yield a file of rules as one whose tests are empty; profiles need none."""
    document = read_document(path)
    if is_rule_file(document):
        yield Cases(document, document, well_formed(document, path.parent), ())


def _in_folder(folder: Path, exclude: tuple[str, ...]) -> list[Path]:
    found = (path for path in sizer_files(folder) if is_test(path))
    return [path for path in found if not is_excluded(path, exclude)]


def _beside(path: Path) -> Path:
    if is_test(path):
        return path
    return path.with_name(path.name.removesuffix(".toml") + TESTS)


def _none(path: Path) -> Diagnostic:
    looked = f"*{TESTS}" if is_folder(path) else _beside(path).name
    return Diagnostic(NO_TEST, "there is no test", Place(str(path)), f"looked for {looked}")
