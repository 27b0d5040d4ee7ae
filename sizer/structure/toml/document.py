"""A TOML file: its text, its data, and the place of everything in it.

UTF-8 with or without a byte-order mark, lines ended by LF or CRLF.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sizer.diagnostic import Place, Problem, problem
from sizer.structure.files.excerpt import placed
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.toml.depth import DEEPEST, too_deep
from sizer.structure.toml.path import Path

if TYPE_CHECKING:  # places are for who has something to say
    from sizer.structure.toml.positions import Span

# Patterns are texts: Python compiles and keeps each when a fault first needs it.
_AT = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"
_LONG_NUMBER = r"\d[\d_]{4299,}"
_SHORT_DATE = r"[^=\n]*=[ \t]*\d{4}-(?:\d-\d{1,2}|\d\d-\d)(?!\d)"
_TABLE = r"\('[^)]*\)"  # how tomllib writes a path
_WORD = r"'([^']*)'"
_HELP = {
    "Invalid value": "texts stand in quotes; true, false, numbers and dates do not",
    "Cannot overwrite a value": "each key stands once in its table",
    "Cannot declare": "each table stands once; write [[name]] for one of several",
    "Expected '=' after": "write `key = value`",
    "Unescaped '\\' in a string": "write \\\\, or put the text in 'single quotes'",
    "Illegal character '\\n'": "close the quote on its line, or use three quotes",
    "Expected newline or end": "one `key = value` a line",
}


@frozen(eq=False, repr=False)
class Document:
    """A parsed file; `file` is its name in messages, `text` has bare newlines."""

    file: str
    text: str
    data: dict[str, Any]

    def place(self, path: Path, *, key: bool = False) -> Place | None:
        """Return where a value stands, or its key; what is absent stands where its table does."""
        found, exact = self._found(path)
        if not found:
            return Place(self.file, line=1)
        span = _spans(self.text)[found]
        if span.key and (key or not exact or self._is_header(span)):
            return placed(self.file, self.text, *span.key)
        return placed(self.file, self.text, *span.value)

    def source(self, path: Path) -> tuple[str, Callable[[int, int], Place | None]] | None:
        """Return a text and what maps its characters (start, end) to places; None if there is none.

        The place is looked up only when it is asked for.
        """
        value = self.value(path)
        if not isinstance(value, str):
            return None

        def place(start: int, end: int) -> Place | None:
            from sizer.structure.toml.literal import quoted  # noqa: PLC0415  # as above

            found, _ = self._found(path)
            literal = quoted(self.text, _spans(self.text)[found].value[0])
            return placed(self.file, self.text, *literal.span(start, end))

        return value, place

    def value(self, path: Path) -> Any:
        """Return the value at a path, or None; a lone value stands for a list of one."""
        value: Any = self.data
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list):
                value = value[step] if isinstance(step, int) and step < len(value) else None
            elif step != 0:
                return None
        return value

    def _found(self, path: Path) -> tuple[Path, bool]:
        """Return the longest part of a path that the file has, and whether that is all of it."""
        known = _spans(self.text)
        found: Path = ()
        for step in path:
            if (*found, step) in known:
                found = (*found, step)
            elif step != 0 or isinstance(self.value(found), dict | list):
                return found, False
        return found, True

    def _is_header(self, span: Span) -> bool:
        return span.key is not None and span.value[0] <= span.key[0]


def _spans(text: str) -> Mapping[Path, Span]:
    from sizer.structure.toml.positions import spans  # noqa: PLC0415  # as above

    return spans(text)


def read_document(path: FilePath, reader: Reader = DISK, shown: str | None = None) -> Document:
    """Return the parsed file; messages call it as `shown`, else by its path.

    Raises Problem: SZ001 not readable, SZ002 not text, SZ003 not TOML, SZ004 too large or deep.
    """
    file = shown or str(path)
    return parse_document(reader.text(path, file), file)


def parse_document(text: str, file: str) -> Document:
    """Return the parsed text.

    Raises Problem: SZ003 not TOML, SZ004 too deep.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    deep = too_deep(text)
    if deep is not None:
        place = placed(file, text, deep, deep + 1)
        raise problem(
            "SZ004", f"nested more than {DEEPEST} deep", place, "a profile is nested 3 deep"
        )
    try:
        return Document(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), text, file) from None
    except ValueError:  # a number with more digits than Python converts
        found = re.search(_LONG_NUMBER, text)
        place = placed(file, text, *found.span()) if found else Place(file)
        raise problem("SZ003", "this number has too many digits", place) from None


def _syntax(message: str, text: str, file: str) -> Problem:
    found = re.search(_AT, message)
    said = message[: found.start()] if found else message
    help_ = next((help_ for start, help_ in _HELP.items() if said.startswith(start)), None)
    if not found or not found[1]:
        offset = len(text.rstrip())
        said += " at the end of the file"
    else:
        offset = _offset(text, int(found[1]), int(found[2]))
    if re.match(_SHORT_DATE, text[text.rfind("\n", 0, offset) + 1 :]):
        help_ = "a date is written like 2027-01-31"
    said = re.sub(_TABLE, _header, said[:1].lower() + said[1:])
    return problem("SZ003", f"not TOML: {said}", placed(file, text, offset, offset + 1), help_)


def _header(found: re.Match[str]) -> str:
    return f"[{'.'.join(re.findall(_WORD, found.group()))}]"


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))
