"""Gathers the faults of one text, each at its place."""

from __future__ import annotations

from attrs import Factory, field, frozen

from sizer.diagnostic import Diagnostic, Problem
from sizer.expr.text.source import Source

SYNTAX = "SZ201"
NAME = "SZ202"
TYPE = "SZ203"
UNIT = "SZ204"
REFUSED = "SZ205"
CONSTANT = "SZ206"


@frozen(eq=False, repr=False)
class Faults:
    """The faults found so far in a source."""

    source: Source
    found: list[Diagnostic] = field(default=Factory(list))

    def add(
        self, code: str, span: tuple[int, int], message: str, remedy: str | None = None
    ) -> None:
        """Note a fault of the characters from span[0] to span[1]."""
        place = self.source.place(*span)
        self.found.append(Diagnostic(code, message, place, remedy))

    def problem(self) -> Problem:
        """Return all faults, to be raised."""
        each_once: dict[Diagnostic, None] = dict.fromkeys(self.found)
        return Problem(tuple(each_once))
