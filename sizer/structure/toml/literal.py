"""A quoted TOML text, decoded, with the place of each of its characters in the file."""

from __future__ import annotations

import re

from attrs import frozen

_ESCAPE = re.compile(
    r"\\(?:u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|x(?P<x>[0-9A-Fa-f]{2})|(?P<c>[^\s]))"
)
_CONTINUATION = re.compile(r"\\[ \t]*\n[ \t\n]*")
_PLAIN = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


@frozen
class Quoted:
    """Character i of `text` stands at offsets starts[i] to ends[i] of the file.

    `starts` has one more entry, for the end of the text; `end` is past the closing quote.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    end: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the file's offsets of the characters from start to end; an empty span is one."""
        first = self.starts[max(0, min(start, len(self.text)))]
        last = self.ends[min(end, len(self.text)) - 1] if end > 0 and start < end else first + 1
        return first, max(last, first + 1)


def quoted(source: str, start: int) -> Quoted:
    """Decode the text whose opening quote is at `start`; the source is TOML that was accepted."""
    quote = source[start]
    closing = quote * 3 if source.startswith(quote * 3, start) else quote
    position = start + len(closing)
    if len(closing) == 3 and source.startswith("\n", position):
        position += 1
    characters: list[tuple[str, int, int]] = []
    while not source.startswith(closing, position):
        character, after = _next(source, position, escapes=quote == '"')
        if character:
            characters.append((character, position, after))
        position = after
    while len(closing) == 3 and source.startswith(quote, position + 3):
        characters.append((quote, position, position + 1))
        position += 1
    text = "".join(character for character, _, _ in characters)
    starts = (*(begin for _, begin, _ in characters), position)
    return Quoted(text, starts, tuple(end for _, _, end in characters), position + len(closing))


def _next(source: str, position: int, *, escapes: bool) -> tuple[str, int]:
    """Return the decoded character and the offset past it; empty for a line continuation."""
    if not escapes or source[position] != "\\":
        return source[position], position + 1
    found = _ESCAPE.match(source, position)
    if found is None:
        gap = _CONTINUATION.match(source, position)
        return "", gap.end() if gap else position + 1
    digits = found["u"] or found["U"] or found["x"]
    character = chr(int(digits, 16)) if digits else _PLAIN.get(found["c"], found["c"])
    return character, found.end()
