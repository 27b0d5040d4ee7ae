"""`extends` backwards: the files that take rules from a file, or test them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sizer.diagnostic import Problem
from sizer.load.rule_sets import is_test, tested_name
from sizer.load.sites.discovery import sizer_files
from sizer.load.sites.site import Site, repository_of, shared_site
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.toml.document import read_document


def dependents(files: Collection[Path], reader: Reader = DISK) -> list[Path]:
    """Return what extends or tests any of these files, directly or through others, in order.

    They are looked for in the repository of each file, or else beside it.
    """
    homes = {_home(file) for file in files}
    extenders = _extenders(sorted(homes), reader)
    asked = [_real(file) for file in files]
    reached: set[Path] = set()
    while asked:
        for path in extenders.get(asked.pop(), ()):
            if path not in reached:
                reached.add(path)
                asked.append(_real(path))
    named = {_real(file) for file in files}
    return sorted(path for path in reached if _real(path) not in named)


def _home(file: Path) -> Path:
    folder = _real(file).parent
    return repository_of(folder) or folder


def _extenders(homes: Collection[Path], reader: Reader) -> Mapping[Path, list[Path]]:
    """Return for each file that is extended which files name it."""
    found: dict[Path, list[Path]] = {}
    for home in homes:
        for path in sizer_files(home, below=repository_of(home) is not None, reader=reader):
            for extended in _extended(path, reader):
                found.setdefault(extended, []).append(path)
    return found


def _extended(path: Path, reader: Reader) -> list[Path]:
    site = Site.of(str(path), path.parent)
    names = _named(path, reader)
    listed = names if isinstance(names, list) else [names]
    return [shared_site(site, name).real for name in listed if isinstance(name, str) and name]


def _named(path: Path, reader: Reader) -> Any:
    """Return what a file extends or, of a file of tests, tries."""
    tests = is_test(path)
    try:
        if not tests and b"extends" not in reader.content(path):
            return []
        data = read_document(path, reader).data
    except Problem:  # what cannot be read extends nothing; whoever checks it says so
        return []
    return data.get("rules", tested_name(path)) if tests else data.get("extends", [])


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
