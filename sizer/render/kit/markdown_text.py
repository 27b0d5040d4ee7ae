"""Markdown in which no text from a profile becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#@&])")


def escaped(text: str) -> str:
    """Return a text in which Markdown and HTML find nothing to do."""
    return _SPECIAL.sub(r"\\\1", text)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> Iterator[str]:
    """Yield the lines of a table of escaped cells; the first `texts` columns stand to the left."""
    yield f"| {' | '.join(headings)} |"
    yield "|---" * texts + "|---:" * (len(headings) - texts) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
