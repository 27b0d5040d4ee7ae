"""Names in a lock: paths from its own folder, the same on every machine."""

from __future__ import annotations

import os
from pathlib import Path

from sizer.load.sites import PREFIX


def key_of(path: str | Path, folder: Path) -> str:
    """Return a file's name in the lock of a folder; a pack keeps its own."""
    if str(path).startswith(PREFIX):
        return str(path)
    return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(folder))).as_posix()


def path_of(key: str, folder: Path) -> Path:
    """Return the file that a name in the lock of a folder means."""
    return Path(os.path.normpath(folder / key))
