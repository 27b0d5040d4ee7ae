"""Where every key and value of a JSON text stands, and what a text that is cut off leaves open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import define, field, frozen

Offsets = tuple[int, int]
Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.DOTALL)
_OPENING, _CLOSING = "[{", "]}"


@frozen
class Span:
    """Offsets of a value, and of the key that names it."""

    key: Offsets | None
    value: Offsets


@define
class _Level:
    """A list or an object that is not yet closed: where it begins, and what comes next in it."""

    path: Path
    key_of_it: Offsets | None
    start: int
    keyed: bool
    index: int = 0
    name: str | None = None
    key: Offsets | None = None


@define
class _Scan:
    text: str
    found: dict[Path, Span] = field(factory=dict)
    twice: Offsets | None = None
    levels: list[_Level] = field(factory=list)

    def run(self) -> None:
        for token in _TOKEN.finditer(self.text):
            said = token.group()
            if self.twice is not None:  # what follows need not be JSON
                return
            if said in _OPENING:
                path, key = self._next()
                self.levels.append(_Level(path, key, token.start(), said == "{"))
            elif said in _CLOSING and self.levels:
                level = self.levels.pop()
                self.found[level.path] = Span(level.key_of_it, (level.start, token.end()))
            elif said not in ":,":
                self._scalar(said, token.span())

    def _scalar(self, said: str, span: Offsets) -> None:
        level = self.levels[-1] if self.levels else None
        if level is not None and level.keyed and level.name is None:
            level.name, level.key = json.loads(said) if said.endswith('"') else said, span
            if self.twice is None and (*level.path, level.name) in self.found:
                self.twice = span
            return
        path, key = self._next()
        self.found[path] = Span(key, span)

    def _next(self) -> tuple[Path, Offsets | None]:
        """Return the path of the value that begins here, and where its key stands."""
        if not self.levels:
            return (), None
        level = self.levels[-1]
        if level.keyed:
            path, key = (*level.path, level.name or ""), level.key
            level.name = level.key = None
            return path, key
        level.index += 1
        return (*level.path, level.index - 1), None


@lru_cache(maxsize=4)
def spans(text: str) -> dict[Path, Span]:
    """Return the span of each path of a text that is JSON."""
    scan = _Scan(text)
    scan.run()
    return scan.found


def key_that_stands_twice(text: str) -> Offsets | None:
    """Return where an object has a key again, None where none has."""
    scan = _Scan(text)
    scan.run()
    return scan.twice


def left_open(text: str) -> Iterator[tuple[str, Offsets]]:
    """Yield what a text leaves open, the innermost first: `list`, `object` or `text`, and where."""
    levels: list[tuple[str, Offsets]] = []
    for token in _TOKEN.finditer(text):
        said = token.group()
        if said in _OPENING:
            levels.append(("list" if said == "[" else "object", token.span()))
        elif said in _CLOSING and levels:
            levels.pop()
        elif said.startswith('"') and (len(said) == 1 or not _is_closed(said)):
            levels.append(("text", (token.start(), token.start() + 1)))
    return reversed(levels)


def _is_closed(text: str) -> bool:
    """Return whether the quote that ends a text is not itself escaped."""
    inner = text[1:-1] if text.endswith('"') else text
    return text.endswith('"') and (len(inner) - len(inner.rstrip("\\"))) % 2 == 0
