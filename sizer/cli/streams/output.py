"""Files are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sizer.cli.streams.streams import UNWRITABLE, answer, look, reason
from sizer.diagnostic import Place, Problem, problem
from sizer.render.kit import Look

STANDARD = "-"


def deliver(text: str, output: str | None) -> None:
    """Write an answer to a file, or to standard output for None and `-`.

    Raises Problem (SZ005) when it cannot be written.
    """
    deliver_pieces([text], output)


def deliver_pieces(pieces: Iterable[str], output: str | None) -> None:
    """Write a long answer as `deliver` does, each piece as it comes."""
    if output is None or output == STANDARD:
        for piece in pieces:
            answer(piece)
    else:
        write_whole(Path(output), pieces)


def look_of(output: str | None) -> Look:
    """Return what the place of an answer can show."""
    return look() if output is None or output == STANDARD else Look()


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Replace a file in one step, through a new one beside it; a link keeps pointing to it.

    A device or a pipe is written as it is. Raises Problem (SZ005); then the old file is unharmed.
    """
    try:
        if path.is_dir():
            raise problem(UNWRITABLE, "this is a directory", Place(str(path)), "name a file in it")
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(pieces)
        else:
            from sizer.structure.files.whole_file import replace_whole  # noqa: PLC0415  # most answers go to a stream

            replace_whole(Path(os.path.realpath(path)), pieces)
    except Problem:
        raise
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise problem(UNWRITABLE, f"cannot be written: {why}", Place(str(path))) from None
