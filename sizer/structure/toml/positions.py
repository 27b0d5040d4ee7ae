"""Where every key and value of a TOML text stands.

Runs only when there is something to say about a place, on text that tomllib has accepted.
"""

from __future__ import annotations

import re
from functools import lru_cache

from attrs import Factory, field, frozen

from sizer.structure.toml.literal import quoted
from sizer.structure.toml.path import Path

__all__ = ["Path", "Span", "spans"]
Offsets = tuple[int, int]

_SPACE = re.compile(r"[ \t]*+")
_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*+)*+")
_BARE = re.compile(r"[\w-]++")
_SCALAR = re.compile(r"[^,\]}\s#]++(?:[ ][0-9][^,\]}\s#]*+)?+")  # a time may follow a date


@frozen
class Span:
    """Offsets of a value, and of the key that names it; a table's value is its header."""

    key: Offsets | None
    value: Offsets


@lru_cache(maxsize=32)
def spans(text: str) -> dict[Path, Span]:
    """Return the span of each path; the lines of the text end in a bare newline."""
    return _Scan(text).run()


@frozen(eq=False)
class _Scan:
    text: str
    found: dict[Path, Span] = field(default=Factory(dict))
    latest: dict[Path, int] = field(default=Factory(dict))  # index in each array of tables

    def run(self) -> dict[Path, Span]:
        self.found[()] = Span(None, (0, len(self.text)))
        table: Path = ()
        position = self._gap(0)
        while position < len(self.text):
            if self.text[position] == "[":
                table, position = self._header(position)
            else:
                position = self._pair(position, table)
            position = self._gap(position)
        return self.found

    def _header(self, start: int) -> tuple[Path, int]:
        brackets = 2 if self.text.startswith("[[", start) else 1
        parts, position = self._key(start + brackets)
        end = position + brackets
        path: Path = ()
        for name, span in parts[:-1]:
            path = self._within((*path, name))
            self.found.setdefault(path, Span(span, span))
        name, span = parts[-1]
        path = (*path, name)
        if brackets == 2:
            self.found.setdefault(path, Span(span, (start, end)))
            self.latest[path] = self.latest.get(path, -1) + 1
            path = self._within(path)
        self.found[path] = Span(span, (start, end))
        return path, end

    def _within(self, path: Path) -> Path:
        """Return the table meant by a path: the latest one, if it is an array of tables."""
        return (*path, self.latest[path]) if path in self.latest else path

    def _key(self, start: int) -> tuple[list[tuple[str, Offsets]], int]:
        parts: list[tuple[str, Offsets]] = []
        position = start
        while True:
            begin = self._space(position)
            if self.text[begin] in "\"'":
                literal = quoted(self.text, begin)
                name, end = literal.text, literal.end
            else:
                end = _end(_BARE, self.text, begin)
                name = self.text[begin:end]
            parts.append((name, (begin, end)))
            position = self._space(end)
            if self.text[position] != ".":
                return parts, position
            position += 1

    def _pair(self, start: int, table: Path) -> int:
        parts, position = self._key(start)
        path = table
        for name, span in parts[:-1]:
            path = (*path, name)
            self.found.setdefault(path, Span(span, span))
        name, span = parts[-1]
        return self._value(self._space(position + 1), (*path, name), span)

    def _value(self, start: int, path: Path, key: Offsets | None) -> int:
        match self.text[start]:
            case '"' | "'":
                end = quoted(self.text, start).end
            case "[":
                end = self._array(start, path)
            case "{":
                end = self._inline_table(start, path)
            case _:
                end = _end(_SCALAR, self.text, start)
        self.found[path] = Span(key, (start, end))
        return end

    def _array(self, start: int, path: Path) -> int:
        position, index = self._gap(start + 1), 0
        while self.text[position] != "]":
            position = self._past_comma(self._value(position, (*path, index), None))
            index += 1
        return position + 1

    def _inline_table(self, start: int, path: Path) -> int:
        position = self._gap(start + 1)
        while self.text[position] != "}":
            position = self._past_comma(self._pair(position, path))
        return position + 1

    def _past_comma(self, position: int) -> int:
        position = self._gap(position)
        return self._gap(position + 1) if self.text[position] == "," else position

    def _space(self, position: int) -> int:
        return _end(_SPACE, self.text, position)

    def _gap(self, position: int) -> int:
        return _end(_GAP, self.text, position)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
