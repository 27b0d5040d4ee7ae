"""A profile from a path or, for `-`, from standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from sizer.diagnostic import problem
from sizer.load import EVERY, Question, Selection, load, load_document
from sizer.load.rules import Waiving
from sizer.structure.files.text_file import LARGEST_BYTES, decoded
from sizer.structure.toml.document import parse_document

STANDARD = "-"
STANDARD_NAME = "<stdin>"


def question(name: str, selection: Selection = EVERY, waiving: Waiving | None = None) -> Question:
    """Return the question of a profile; `waiving` says which waivers count.

    Raises Problem with everything that is wrong with it.
    """
    if name != STANDARD:
        return load(Path(name), selection, waiving=waiving)
    document = parse_document(standard_input(), STANDARD_NAME)
    return load_document(document, Path(), selection, waiving=waiving)


def standard_input() -> str:
    """Return the text on standard input.

    Raises Problem: SZ002 not text, SZ004 too large.
    """
    content = b"" if sys.stdin is None else sys.stdin.buffer.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise problem("SZ004", f"{STANDARD_NAME}: more than {LARGEST_BYTES:,} bytes")
    return decoded(content, STANDARD_NAME)
