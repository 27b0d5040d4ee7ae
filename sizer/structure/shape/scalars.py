"""Single values: their exact types, bounds and choices."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from attrs import Attribute

from sizer.structure.nearest import did_you_mean
from sizer.structure.shape.faults import TYPE, VALUE, Fault

LONGEST_SHOWN = 40
_DAY = r"\d{4}-\d\d-\d\d"
_KINDS = {"list": "a list", "dict": "a table", "NoneType": "null"}
LARGEST_WHOLE = 2**53  # beyond it a float column cannot count by ones


def whole(value: Any) -> int:
    """Return an int that is written as one."""
    if type(value) is not int:
        if isinstance(value, float):
            whole_one = f"write {value:.0f}, without a point" if value.is_integer() else None
            raise _mistyped("a whole number", value, whole_one)
        raise _mistyped("a whole number", value, _unquoted(value, int))
    if abs(value) > LARGEST_WHOLE:
        raise Fault(VALUE, "must be at most 2**53 in size")
    return value


def number(value: Any) -> float:
    """Return a finite float; an int is one too."""
    if type(value) not in {int, float}:
        raise _mistyped("a number", value, _unquoted(value, float))
    if not math.isfinite(value) if isinstance(value, float) else abs(value) > LARGEST_WHOLE:
        raise Fault(VALUE, f"must be a finite number, not {described(value)}")
    return float(value)


def text(value: Any) -> str:
    """Return a text that says something and cannot disturb a terminal."""
    if not expression(value).replace("\n", "").replace("\t", "").isprintable():
        raise Fault(VALUE, "must hold printable characters only")
    return str(value)


def expression(value: Any) -> str:
    """Return a text that says something; the rule language tells which characters it has."""
    if not isinstance(value, str):
        scalar = isinstance(value, int | float) and not isinstance(value, bool)
        raise _mistyped("a text", value, f'write "{value}"' if scalar else None)
    if not value.strip():
        raise Fault(VALUE, "must not be empty")
    return value


def truth(value: Any) -> bool:
    """Return true or false, written so."""
    if not isinstance(value, bool):
        raise _mistyped("true or false", value)
    return value


def scalar(value: Any) -> float | bool | str:
    """Return a number, a text, or true or false: what a parameter can be."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int | float):
        return number(value)
    raise _mistyped("a number, a text, true or false", value)


def day(value: Any) -> date:
    """Return a date without a time."""
    if type(value) is not date:
        quoted = isinstance(value, str) and re.fullmatch(_DAY, value)
        help_ = f"write {value} without quotes" if quoted else "write it like 2027-01-31"
        raise _mistyped("a date", value, help_)
    return value


EXACT: Mapping[type, Callable[[Any], Any]] = {
    int: whole,
    float: number,
    str: text,
    bool: truth,
    date: day,
}


def chosen(members: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Return what reads one of a few values, exact in type."""
    exact = EXACT[type(members[0])]

    def read(value: Any) -> Any:
        if exact(value) not in members:
            *others, last = (described(each, what=False) for each in members)
            listed = f"{', '.join(others)} or {last}" if others else last
            help_ = did_you_mean(value, members) if isinstance(value, str) else None
            raise Fault(VALUE, f"must be {listed}, not {described(value, what=False)}", help_)
        return value

    return read


def bounded(exact: Callable[[Any], Any], attribute: Attribute[Any]) -> Callable[[Any], Any]:
    """Return what reads a value within the bounds of a field's metadata."""
    above, least, most = (attribute.metadata.get(name) for name in ("above", "least", "most"))
    if above is None and least is None and most is None:
        return exact

    def read(value: Any) -> Any:
        found = exact(value)
        if above is not None and not found > above:
            raise _outside(f"above {above:g}", value, attribute)
        if least is not None and found < least:
            raise _outside(f"at least {least:g}", value, attribute)
        if most is not None and found > most:
            raise _outside(f"at most {most:,.12g}", value, attribute)
        return found

    return read


def described(value: Any, *, what: bool = True) -> str:
    """Return how a message names a value; `what` says its type where the value does not."""
    if isinstance(value, str):
        shown = ascii(value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 3] + "...")
        return f"the text {shown}" if what else shown
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.12g}" if isinstance(value, float) or abs(value) < LARGEST_WHOLE else "more"
    return _KINDS.get(type(value).__name__, "a date or time")


def _mistyped(wanted: str, value: Any, help_: str | None = None) -> Fault:
    return Fault(TYPE, f"must be {wanted}, not {described(value)}", help_)


def _outside(bound: str, value: Any, attribute: Attribute[Any]) -> Fault:
    doc, unit = attribute.metadata["doc"], attribute.metadata["unit"]
    help_ = f"{doc} ({unit})" if unit else doc
    return Fault(VALUE, f"must be {bound}, not {described(value)}", help_)


def _unquoted(value: Any, kind: type[int | float]) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_SHOWN:
        return None
    try:
        if kind is float and value.endswith("%"):
            return f"a share is a number: write {float(value[:-1]) / 100:g}"
        return f"write {kind(value):g} without quotes"
    except ValueError:
        return None
