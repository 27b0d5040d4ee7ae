"""Finds nesting that would exhaust the TOML parser, before it is asked to parse."""

from __future__ import annotations

import re

DEEPEST = 32

_PIECES = (
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"{3,5}|$)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|$)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[\[{\]}.,=\n]"
)


def too_deep(text: str) -> int | None:
    """Return the offset where brackets or dotted keys nest more than DEEPEST deep, if they do."""
    if not _may_be(text):
        return None
    depth = dots = 0
    for found in re.finditer(_PIECES, text, re.DOTALL):
        mark = found.group()
        if mark == ".":
            dots += 1
        elif mark[0] not in "\"'":
            dots = 0
        if mark in {"[", "{"}:
            depth += 1
        elif mark in {"]", "}"}:
            depth = max(0, depth - 1)
        if max(depth, dots) > DEEPEST:
            return found.start()
    return None


def _may_be(text: str) -> bool:
    """Whether there are marks enough, wherever they stand: few files have so many."""
    opened = text.count("[") + text.count("{")
    return opened > DEEPEST or any(line.count(".") > DEEPEST for line in text.split("\n"))
