"""A file's bytes as text, or why they are none."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from sizer.diagnostic import Place, problem
from sizer.structure.nearest import nearest

LARGEST_BYTES = 2**20
MOVE_RULES = "move rules to files named in `extends`"

_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")


def read_bytes(path: Path, most: int = LARGEST_BYTES, hint: str = MOVE_RULES) -> bytes:
    """Return the content of a regular file of at most so many bytes; `hint` is for larger ones.

    Raises Problem: SZ001 when it cannot be read, SZ004 when it is larger.
    """
    place = Place(str(path))
    try:
        if not path.exists():
            raise problem("SZ001", "no such file", place, _neighbour(path))
        if path.is_dir():
            raise problem("SZ001", "this is a directory", place, "name a file in it")
        if not path.is_file():
            raise problem("SZ001", "this is not a regular file", place, "`-` reads standard input")
        with open(path, "rb", opener=_at_once) as file:  # Path.open has no opener
            content = file.read(most + 1) or b""
            size = file.seek(0, 2)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise problem("SZ001", f"cannot be read: {reason}", place) from None
    if len(content) > most:
        message = f"too large: {size:,} bytes; at most {most:,} are read"
        raise problem("SZ004", message, place, hint)
    return content


def _at_once(path: str, flags: int) -> int:
    """Open without waiting: for a pipe that took a file's place, or a log of the kernel's."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def decoded(content: bytes, file: str) -> str:
    """Return UTF-8 bytes as text.

    Raises Problem (SZ002) at the first byte that is none.
    """
    if content.startswith(_OTHER_ENCODINGS):
        raise problem("SZ002", "this is UTF-16", Place(file, 1, 1), "save the file as UTF-8")
    nul = content.find(b"\0")
    if nul >= 0:
        message = f"not a text file: byte {nul + 1} is 0x00"
        raise problem(
            "SZ002", message, _place(content, nul, file), "a profile is TOML, encoded as UTF-8"
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = error.start
        message = f"not UTF-8: byte {bad + 1} is 0x{content[bad]:02x}"
        raise problem(
            "SZ002", message, _place(content, bad, file), "save the file as UTF-8"
        ) from None


def written_like(text: str, content: bytes) -> str:
    """Return a text with bare newlines as a file has its own: its line ends and byte-order mark."""
    mark = "\ufeff" if content.startswith(codecs.BOM_UTF8) else ""
    windows = content.partition(b"\n")[0].endswith(b"\r")
    return mark + (text.replace("\n", "\r\n") if windows else text)


def _place(content: bytes, offset: int, file: str) -> Place:
    before = content[:offset].decode("utf-8", errors="replace").removeprefix("\ufeff")
    return Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _neighbour(path: Path) -> str | None:
    """Return which file beside it may be meant: endings say little, they are alike."""
    try:
        near = {each.stem: each.name for each in sorted(path.parent.iterdir()) if each.is_file()}
    except OSError:
        return None
    meant = nearest(path.stem, near)
    return f"did you mean {near[meant]!r}?" if meant else None
