"""Files with a few edits: bytes cut, put in, repeated or exchanged; numbers made extreme."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

LARGEST = 200_000
NUMBER = re.compile(rb"\d+(?:\.\d+)?")
EXTREMES = (
    b"0 -1 1e999 -1e999 nan inf 0x1F 1_000 9007199254740993 18446744073709551616 1e-320 "
    b"99999999999999999999999999999999 true null [] {} 2027-02-30"
).split()
MARKS = (
    b"\0 \xff \xef\xbb\xbf \n \r\n \t \x1b[2J \x7f , ; : = == [ ] [[ ]] { } ( ) \" ' '''"
    b" \\ \\u0000 # $ % & * ** ../ / ~ | \xe2\x80\xae \xf0\x9f\x98\x80 [[rule]] [select]"
    b" hf_Token0123456789012345"
).split(b" ")
Edit = Callable[[bytes], bytes]


def edits() -> st.SearchStrategy[Edit]:
    """One change of some bytes; places and lengths count around the end."""
    where, some = st.integers(0, LARGEST), st.integers(1, 40)
    payload = st.sampled_from(MARKS) | st.sampled_from(EXTREMES) | st.binary(max_size=8)
    return st.one_of(
        st.builds(_cut, where, some),
        st.builds(_cut_to_end, where),
        st.builds(_put, where, payload),
        st.builds(_repeated, where, some, st.sampled_from((2, 50, 5000))),
        st.builds(_flipped, where, st.integers(0, 7)),
        st.builds(_extreme, where, st.sampled_from(EXTREMES)),
        st.builds(_lines_exchanged, where, where),
        st.builds(_line_twice, where),
    )


def mutated(seeds: Sequence[tuple[str, bytes]]) -> st.SearchStrategy[tuple[str, bytes]]:
    """A file of some, by its name, after up to six edits."""

    def changed(seed: tuple[str, bytes], changes: list[Edit]) -> tuple[str, bytes]:
        name, content = seed
        for change in changes:
            content = change(content)[:LARGEST]
        return name, content

    return st.builds(changed, st.sampled_from(sorted(seeds)), st.lists(edits(), max_size=6))


def _cut(where: int, length: int) -> Edit:
    def edit(content: bytes) -> bytes:
        start = where % (len(content) + 1)
        return content[:start] + content[start + length :]

    return edit


def _cut_to_end(where: int) -> Edit:
    return lambda content: content[: where % (len(content) + 1)]


def _put(where: int, payload: bytes) -> Edit:
    def edit(content: bytes) -> bytes:
        start = where % (len(content) + 1)
        return content[:start] + payload + content[start:]

    return edit


def _repeated(where: int, length: int, times: int) -> Edit:
    def edit(content: bytes) -> bytes:
        start = where % (len(content) + 1)
        piece = content[start : start + length]
        return content[:start] + piece * times + content[start + length :]

    return edit


def _flipped(where: int, bit: int) -> Edit:
    def edit(content: bytes) -> bytes:
        if not content:
            return content
        at = where % len(content)
        return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]

    return edit


def _extreme(which: int, value: bytes) -> Edit:
    def edit(content: bytes) -> bytes:
        found = list(NUMBER.finditer(content))
        if not found:
            return content
        start, end = found[which % len(found)].span()
        return content[:start] + value + content[end:]

    return edit


def _lines_exchanged(first: int, second: int) -> Edit:
    def edit(content: bytes) -> bytes:
        lines = content.split(b"\n")
        a, b = first % len(lines), second % len(lines)
        lines[a], lines[b] = lines[b], lines[a]
        return b"\n".join(lines)

    return edit


def _line_twice(which: int) -> Edit:
    def edit(content: bytes) -> bytes:
        lines = content.split(b"\n")
        at = which % len(lines)
        return b"\n".join([*lines[: at + 1], *lines[at:]])

    return edit
