"""Texts that many profiles share are checked once."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from sizer.diagnostic import Problem
from sizer.expr.text.source import Source, plain
from sizer.schema.asked.definition import Definition
from sizer.schema.asked.parameter import Name, Names

Checked = TypeVar("Checked")
Check = Callable[[Source, Names], Checked]
MOST = 4096
_WORD = re.compile(r"[^\W\d]\w*")


def remembered(check: Check[Checked]) -> Check[Checked]:
    """Return a check that knows again a sound text whose words mean the same as before.

    What is at fault is checked anew each time, for its places and for the names near to its own.
    """

    @lru_cache(MOST)
    def sound(text: str, meant: tuple[tuple[str, Name], ...]) -> Checked | None:
        try:
            return check(plain(text), dict(meant))
        except Problem:
            return None

    @wraps(check)
    def again(source: Source, names: Names) -> Checked:
        words = dict.fromkeys(_WORD.findall(source.text))
        found = [names[word] for word in words if word in names]
        for each in found:
            if isinstance(each, Definition):
                words |= dict.fromkeys(sorted(each.reads))
        meant = tuple((word, names[word]) for word in words if word in names)
        checked = sound(source.text, meant)
        return check(source, names) if checked is None else checked

    return again
