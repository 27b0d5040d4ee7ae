"""`V100*`: a pattern of a text, in which `*` is any characters and `?` is one. Case counts."""

from __future__ import annotations

from attrs import frozen

MOST_CHARACTERS = 128
_ANY, _ONE = "*", "?"


def is_like(text: str, pattern: str) -> bool:
    """Return whether a text has a pattern, in at most as many steps as one times the other.

    After a mismatch only the last `*` takes one character more: no earlier one could help.
    """
    at = here = 0
    star, taken = -1, 0
    while at < len(text):
        if here < len(pattern) and pattern[here] == _ANY:
            star, taken = here, at
            here += 1
        elif here < len(pattern) and pattern[here] in (text[at], _ONE):
            at, here = at + 1, here + 1
        elif star >= 0:
            taken += 1
            at, here = taken, star + 1
        else:
            return False
    return not pattern[here:].strip(_ANY)


def example(pattern: str) -> str:
    """Return the shortest text that has a pattern, a letter in the place of each `?`."""
    return pattern.replace(_ANY, "").replace(_ONE, "x")


@frozen
class Pattern:
    """Texts that are left out: those that are like a glob, or with `like` false those that are not.

    It stands among the texts that a region leaves out.
    """

    glob: str
    like: bool

    def leaves_out(self, text: object) -> bool:
        """Return whether a text is one of them."""
        return isinstance(text, str) and is_like(text, self.glob) is self.like

    @property
    def others(self) -> Pattern:
        """The pattern that leaves out what this does not."""
        return Pattern(self.glob, not self.like)
