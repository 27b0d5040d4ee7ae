"""Where the bytes of files come from: the disk, but for those that an editor has not saved."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from sizer.diagnostic import Place, problem
from sizer.structure.files.path_kind import is_file
from sizer.structure.files.text_file import LARGEST_BYTES, MOVE_RULES, decoded, read_bytes


def _by_real_path(contents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {os.path.realpath(file): content for file, content in contents.items()}


@frozen(eq=False)
class Reader:
    """What every file is read through; `unsaved` has contents by path that stand in place of files.

    A link to such a file gives its unsaved content too.
    """

    unsaved: Mapping[str, bytes] = field(factory=dict, converter=_by_real_path)

    def content(self, path: Path, most: int = LARGEST_BYTES, hint: str = MOVE_RULES) -> bytes:
        """Return the bytes of a file; `hint` is for one that has more than `most` of them.

        Raises Problem: SZ001 when it cannot be read, SZ004 when it is larger.
        """
        unsaved = self._unsaved(path)
        if unsaved is None:
            return read_bytes(path, most, hint)
        if len(unsaved) > most:
            raise problem("SZ004", f"more than {most:,} bytes", Place(str(path)))
        return unsaved

    def text(
        self, path: Path, shown: str, most: int = LARGEST_BYTES, hint: str = MOVE_RULES
    ) -> str:
        """Return the text of a file; messages call it as `shown`.

        Raises Problem: as `content` does, and SZ002 when it is no UTF-8.
        """
        return decoded(self.content(path, most, hint), shown)

    def start(self, path: Path, most: int) -> bytes:
        """Return at most so many bytes from the start of a file. Raises OSError."""
        unsaved = self._unsaved(path)
        if unsaved is not None:
            return unsaved[:most]
        with path.open("rb") as file:
            return file.read(most)

    def is_file(self, path: Path) -> bool:
        """Return whether there is a regular file, or an unsaved one; a name too long is none."""
        return self._unsaved(path) is not None or is_file(path)

    def _unsaved(self, path: Path) -> bytes | None:
        return self.unsaved.get(os.path.realpath(path)) if self.unsaved else None


DISK = Reader()
