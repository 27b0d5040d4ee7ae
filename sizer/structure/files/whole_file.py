"""A file replaced in one step: a reader sees the old one or the new one, whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PART = ".part"


def replace_whole(target: Path, pieces: Iterable[str]) -> None:
    """Write a text, piece by piece, to a new file beside the target; rename it onto the target.

    Raises OSError; then the old file, if there was one, is unharmed.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}{PART}")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode)
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink()
