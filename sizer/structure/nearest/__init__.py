"""What the writer probably meant.

Comes in: a word, and those that are known. Goes out: the one that other tools call so, or that is
the most alike. It never decides for the writer: a finding only asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

MOST_LISTED = 50


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that other tools call so, else the most alike, if any is."""
    from difflib import get_close_matches  # noqa: PLC0415  # only a fault needs it

    folded = {each.casefold(): each for each in known}
    same = meaning(word, folded)
    if same and word.casefold() not in folded:
        return folded[same]
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def meaning(word: str, known: Collection[str]) -> str | None:
    """Return the known word that other tools call so, if there is one."""
    from sizer.structure.nearest.words import meant  # noqa: PLC0415  # only a fault needs it

    return next((each for each in meant(word) if each in known), None)


def listed(names: Iterable[str]) -> str:
    """Return names in order, of very many the first."""
    ordered = sorted(names)
    more = len(ordered) - MOST_LISTED
    return ", ".join(ordered[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean 'x'?`, if a known word is like it."""
    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else None
