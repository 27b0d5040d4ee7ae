"""Which files a command means by names of files, folders and globs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from attrs import Factory, field, frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.load.sites.globs import is_glob, leads_out, matches, may_hold
from sizer.load.sites.site import root_of
from sizer.structure.files.path_kind import is_folder
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.files.text_file import LARGEST_BYTES

MISSING = "SZ001"
_OURS = (
    rb"""(?m)^(?:\xef\xbb\xbf)?[ \t]*"""  # at most a byte-order mark before
    rb"""(?:["']?dsl["']?[ \t]*=|\[\[[ \t]*(?:models|rule)[ \t]*\]\]|\[fleet[\].])"""
)


@frozen(eq=False, repr=False)
class Found:
    """Files in the order in which they were named, each once, and names that mean none."""

    exclude: tuple[str, ...] = ()
    files: list[str] = field(default=Factory(list))
    faults: list[Diagnostic] = field(default=Factory(list))
    seen: set[str] = field(default=Factory(set), repr=False)

    def take(self, paths: Iterable[Path]) -> None:
        """Take files that were found, unless they are excluded."""
        self.add(str(path) for path in paths if not is_excluded(path, self.exclude))

    def add(self, files: Iterable[str]) -> None:
        """Take files that were not named before."""
        for file in files:
            real = os.path.realpath(file)
            if real not in self.seen:
                self.seen.add(real)
                self.files.append(file)


def discovered(names: Iterable[str], exclude: tuple[str, ...] = ()) -> Found:
    """Return the files that are meant; a folder stands for all in it that is sizer's.

    `exclude` leaves out what its globs match, or whose folder they match, of folders and globs.
    Faults: SZ001 for a glob or a folder that holds nothing to check.
    """
    found = Found(exclude)
    for name in names:
        if is_folder(name):
            _take_folder(name, found)
        elif is_glob(name):
            _take_glob(name, found)
        else:
            found.add([str(Path(name))])
    return found


def is_excluded(path: Path, globs: Iterable[str]) -> bool:
    """Return whether a glob matches a path, from where the command runs, or a folder above it."""
    near = Path(os.path.relpath(path))
    names = [str(each) for each in (near, *near.parents)]
    return any(fnmatchcase(name, glob.rstrip("/")) for glob in globs for name in names)


def sizer_files(folder: Path, *, below: bool = True, reader: Reader = DISK) -> Iterator[Path]:
    """Yield the profiles, rule files and tests of either in a folder, and below it, in order.

    Hidden folders, environments and links that lead out of the repository are left out, and so is
    every TOML file of somebody else.
    """
    root = root_of(folder)
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if below and may_hold(Path(here, name)))
        for name in sorted(files):
            path = Path(here, name)
            if name.endswith(".toml") and _is_ours(path, root, reader):
                yield path


def _take_folder(name: str, found: Found) -> None:
    files = list(sizer_files(Path(name)))
    if not files:
        place = Place(str(Path(name)))
        help_ = "a file counts if it has a line `dsl = 1`"
        said = "this folder holds no profile and no rule file"
        found.faults.append(Diagnostic(MISSING, said, place, help_))
    found.take(files)


def _take_glob(name: str, found: Found) -> None:
    matching = matches(name)
    if not matching:
        found.faults.append(Diagnostic(MISSING, "no file matches", Place(name)))
    for match in matching:
        if is_folder(match):
            found.take(sizer_files(Path(match)))
        else:
            found.take([Path(match)])


def _is_ours(path: Path, root: Path, reader: Reader) -> bool:
    if path.is_symlink() and leads_out(path, root):
        return False
    if not reader.is_file(path):
        return False
    try:
        return re.search(_OURS, reader.start(path, LARGEST_BYTES)) is not None
    except OSError:
        return True  # whoever reads it says why it cannot be read
