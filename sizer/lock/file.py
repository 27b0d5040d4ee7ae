"""The file sizer.lock: found, read with every check, and written the same for the same facts."""

from __future__ import annotations

import os
from pathlib import Path

from sizer.diagnostic import Place, problem
from sizer.load.sites import root_of
from sizer.lock.digest import facts_sha256
from sizer.schema.answered.lock import LOCK_VERSION, Lock
from sizer.structure.facts import Unreadable, parse_facts, write_facts
from sizer.structure.files.path_kind import is_file
from sizer.structure.files.text_file import decoded, read_bytes

NAME = "sizer.lock"
NO_LOCK = "SZ510"
BROKEN = "SZ511"
LARGEST_BYTES = 2**26
HEADER = "# Written by `sizer lock` and `sizer update`; not for hands. See profiles/README.md.\n\n"
RENEW = "`sizer lock` writes it anew"


def find_lock(folder: Path) -> Path | None:
    """Return the lock of a folder: its own or the nearest above it in the same repository."""
    here, root = folder.resolve(), root_of(folder)
    for each in (here, *here.parents):
        if is_file(each / NAME):
            return _shown(each / NAME)
        if each == root:
            break
    return None


def read_lock(path: Path) -> Lock:
    """Return the lock in a file.

    Raises Problem: SZ001, SZ002 and SZ004 for the file, SZ511 when it is no lock that sizer wrote.
    """
    text = decoded(read_bytes(path, LARGEST_BYTES, RENEW), str(path))
    return parse_lock(text, str(path))


def parse_lock(text: str, file: str) -> Lock:
    """Return the lock in a text. Raises Problem (SZ511) when it is none that sizer wrote."""
    if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines()):
        raise problem(BROKEN, "a merge was not finished here", Place(file), RENEW)
    try:
        lock = parse_facts(text, Lock)
    except Unreadable as error:
        raise problem(BROKEN, f"not a lock: {error}", Place(file), RENEW) from None
    if lock.version != LOCK_VERSION:
        said = f"version {lock.version} of the format; this sizer reads version {LOCK_VERSION}"
        raise problem(BROKEN, said, Place(file), RENEW)
    _refuse_edited(lock, file)
    return lock


def lock_text(lock: Lock) -> str:
    """Return a lock as the text of its file."""
    return HEADER + write_facts(lock)


def _refuse_edited(lock: Lock, file: str) -> None:
    """Raise Problem for facts that somebody changed by hand."""
    for each in lock.named:
        if each.facts is not None and facts_sha256(each.facts) != each.sha256:
            said = f"the facts of {each.name!r} are not those that were locked"
            raise problem(BROKEN, said, Place(file), RENEW)


def _shown(path: Path) -> Path:
    """Return a path as people write it from here."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # another drive
        return path
