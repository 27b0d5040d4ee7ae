"""A JSON file: its text, its data, and the place of everything in it."""

from __future__ import annotations

import json
from pathlib import Path as FilePath
from typing import Any

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place, Problem, Related, problem
from sizer.structure.files.excerpt import placed
from sizer.structure.files.json_positions import Path, key_that_stands_twice, left_open, spans
from sizer.structure.files.reader import DISK

SYNTAX = "SZ003"
_CLOSED_BY = {"list": "]", "object": "}", "text": '"'}
_ONCE = "each key stands once in its object"
_LIKE = 'like [{"name": "..."}]'
_QUOTES = "JSON puts texts and keys in double quotes"


class _TwiceError(ValueError):
    """An object has a key again."""


@frozen(eq=False, repr=False)
class JsonDocument:
    """A parsed file; `file` is its name in messages, `text` has bare newlines."""

    file: str
    text: str
    data: Any

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return where a value stands, or its key; what is absent stands where its object does."""
        known = spans(self.text)
        found = next(path[:size] for size in range(len(path), -1, -1) if path[:size] in known)
        span = known[found]
        if key and found == path and span.key is not None:
            return placed(self.file, self.text, *span.key)
        return placed(self.file, self.text, *span.value)


def read_json(path: FilePath) -> JsonDocument:
    """Return the parsed file.

    Raises Problem: SZ001 not readable, SZ002 not text, SZ003 not JSON, SZ004 too large or deep.
    """
    return parse_json(DISK.text(path, str(path), hint="split the list"), str(path))


def read_json_list(path: FilePath) -> list[Any]:
    """Return the objects of a list, without what is null in them.

    Raises Problem: as read_json does, and SZ101 at what is no such list, or no object in it.
    """
    document = read_json(path)
    if not isinstance(document.data, list):
        raise problem("SZ101", "must be a list of objects", document.place(()), _LIKE)
    for index, item in enumerate(document.data):
        if not isinstance(item, dict):
            raise problem("SZ101", "must be an object", document.place((index,)), _LIKE)
    return [{key: each for key, each in item.items() if each is not None} for item in document.data]


def parse_json(text: str, file: str) -> JsonDocument:
    """Return the parsed text; a byte-order mark is no part of it.

    Raises Problem: SZ003 not JSON, SZ004 too deep.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise _syntax(error, text, file) from None
    except _TwiceError as error:
        place = placed(file, text, *(key_that_stands_twice(text) or (0, 1)))
        raise problem(SYNTAX, f"JSON: the key {error} stands twice", place, _ONCE) from None
    except ValueError:  # a number with more digits than Python converts
        raise problem(SYNTAX, "JSON: a number has too many digits", Place(file)) from None
    except RecursionError:
        raise problem("SZ004", "nested too deeply", Place(file)) from None
    return JsonDocument(file, text, data)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(ascii(key))
        found[key] = value
    return found


def _syntax(error: json.JSONDecodeError, text: str, file: str) -> Problem:
    place = placed(file, text, error.pos, error.pos + 1)
    if not text.strip():
        return problem(SYNTAX, "JSON: the file is empty", place, _LIKE)
    still = next(left_open(text), None)
    if still is not None and (still[0] == "text" or not text[error.pos :].strip()):
        return _cut_off(still, text, file)
    return problem(SYNTAX, f"JSON: {_said(error, text)}", place, _remedy(error, text))


def _cut_off(still: tuple[str, tuple[int, int]], text: str, file: str) -> Problem:
    """Return that a list, an object or a text is not closed where the file ends."""
    what, start = still
    end = start[0] if what == "text" else len(text)
    place = placed(file, text, end, end + 1)
    begun = Related("it begins here", placed(file, text, *start))
    help_ = f"close it with `{_CLOSED_BY[what]}`; the file may have been cut off"
    said = f"JSON: the {what} is not closed"
    return Problem((Diagnostic(SYNTAX, said, place, help_, related=(begun,)),))


def _said(error: json.JSONDecodeError, text: str) -> str:
    if error.msg == "Extra data":
        return "more stands after the end of the value"
    if _ends_with_comma(error, text):
        return "a comma stands after the last item"
    return error.msg[:1].lower() + error.msg[1:].removesuffix(" starting at")


def _remedy(error: json.JSONDecodeError, text: str) -> str | None:
    if _ends_with_comma(error, text):
        return "take the comma out"
    if text.startswith("'", error.pos):
        return _QUOTES
    if error.msg == "Extra data":
        return "put several in one list, like [{...}, {...}]"
    return None


def _ends_with_comma(error: json.JSONDecodeError, text: str) -> bool:
    """Return whether a comma stands before a bracket; Python's own words for it vary."""
    here = text[error.pos :].lstrip(", \t\n")[:1]
    before = text[: error.pos + 1].rstrip("]} \t\n")
    return here in {"]", "}"} and before.endswith(",")
