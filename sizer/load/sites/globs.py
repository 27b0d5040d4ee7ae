"""Globs of a command, spread over files; a link in a repository leads them nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from sizer.load.sites.site import root_of

_MAGIC = re.compile(r"[*?[]")
_NOT_OURS = frozenset({"node_modules", "__pycache__", "site-packages"})
_ENVIRONMENT = "pyvenv.cfg"
_ANY_DEPTH = "**"


def is_glob(name: str) -> bool:
    """Return whether a name is a pattern, and not that of a file which is called so."""
    return _MAGIC.search(name) is not None and not os.path.lexists(name)


def matches(pattern: str) -> list[str]:
    """Return the files and folders that match, in order, without links out of the repository.

    `**` goes through folders as a folder that is named does: not into hidden ones, environments
    and links.
    """
    parts = Path(pattern).parts
    fixed = next(number for number, part in enumerate(parts) if _MAGIC.search(part))
    start, wild = Path(*parts[:fixed]), parts[fixed:]
    if _ANY_DEPTH in wild:
        found = [str(path) for path in _below(start) if _fits(path.parts[len(start.parts) :], wild)]
    else:
        from glob import glob  # noqa: PLC0415  # few name one

        found = glob(pattern)  # noqa: PTH207  # absolute patterns too
    root = root_of(start)
    return sorted(each for each in found if not leads_out(Path(each), root))


def may_hold(folder: Path) -> bool:
    """Return whether a folder is looked into that was not named itself."""
    if folder.name.startswith(".") or folder.name in _NOT_OURS:
        return False
    return not (folder / _ENVIRONMENT).exists()


def leads_out(path: Path, root: Path) -> bool:
    """Return whether links lead from a path to what is not below a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(root)


def _below(start: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(start):
        folders[:] = [name for name in folders if may_hold(Path(here, name))]
        yield from (Path(here, name) for name in files if not name.startswith("."))


def _fits(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == _ANY_DEPTH:
        rest = pattern[1:]
        return not rest or any(_fits(parts[skip:], rest) for skip in range(len(parts)))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])
