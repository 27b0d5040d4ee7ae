"""One value as a person reads it. All formatting of values goes through here."""

from __future__ import annotations

import math
import re

from attrs import frozen

Cell = float | bool | str | None
_SPEC = re.compile(r"(?P<form>,?(?:\.[0-9])?[feg%]?)|(?P<whole>,?)d")


@frozen
class NumberFormat:
    """How a number is printed: with no width and one digit of precision, so never at length.

    It is read from a text: Python's `format` takes widths that fill a machine's memory.
    """

    spec: str = ""

    @classmethod
    def read(cls, text: str) -> NumberFormat | None:
        """Return what a text like `.1f` or `,d` asks for; None for what is no such format."""
        found = _SPEC.fullmatch(text)
        if found is None:
            return None
        return cls(text if found["whole"] is None else f"{found['whole']}.0f")

    def of(self, number: float) -> str:
        """Return a number as it is printed."""
        return format(number, self.spec or _fitting(number))


SHORT = NumberFormat()


def shown(value: Cell, form: NumberFormat = SHORT) -> str:
    """Return a value as printable text; `form` is for numbers; unknown is `unknown`."""
    if isinstance(value, str):
        return "".join(c if c.isprintable() else " " * c.isspace() for c in value)
    if value is None or math.isnan(value):
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    return form.of(float(value))


def _fitting(number: float) -> str:
    whole = number.is_integer() or abs(number) >= 1000
    return ".0f" if whole and abs(number) < 1e15 else ".4g"
