"""The place of a span of a text, with the line that it stands on."""

from __future__ import annotations

from sizer.diagnostic import Place
from sizer.redaction import without_secret_values

_LONGEST = 300


def placed(file: str, text: str, start: int, end: int) -> Place:
    """Return the place of a span of a text, cut at the end of its first line.

    Secrets are masked in the whole text first: a value may stand lines below its key.
    """
    start = min(start, len(text))
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    line = without_secret_values(text)[begin : len(text) if stop < 0 else stop]
    column = start - begin + 1
    width = max(1, min(end - start, len(line) - column + 1))
    shown = _printable(line) if len(line) <= _LONGEST else None
    return Place(file, text.count("\n", 0, start) + 1, column, width, shown)


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in line)
