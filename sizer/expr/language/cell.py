"""One value as a person reads it."""

from __future__ import annotations

import math

Cell = float | bool | str | None


def shown(value: Cell, spec: str = "") -> str:
    """Return a value as printable text; `spec` formats numbers; unknown is `unknown`."""
    if isinstance(value, str):
        return "".join(c if c.isprintable() else " " * c.isspace() for c in value)
    if value is None or math.isnan(value):
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(float(value), spec or _fitting(float(value)))


def _fitting(number: float) -> str:
    whole = number.is_integer() or abs(number) >= 1000
    return ".0f" if whole and abs(number) < 1e15 else ".4g"
