"""Finds nesting that would exhaust the TOML parser, before it is asked to parse."""

from __future__ import annotations

import re

DEEPEST = 32

_TOKEN = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"{3,5}|$)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|$)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[\[{\]}.,=\n]",
    re.DOTALL,
)


def too_deep(text: str) -> int | None:
    """Return the offset where brackets or dotted keys nest more than DEEPEST deep, if they do."""
    depth = dots = 0
    for found in _TOKEN.finditer(text):
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
