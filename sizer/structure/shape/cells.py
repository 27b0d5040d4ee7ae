"""Cells of a table as values: texts to the type of a field, within its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from attrs import Attribute

from sizer.structure.shape.faults import VALUE, Fault
from sizer.structure.shape.scalars import EXACT, bounded, chosen

TRUTHS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}


def cell_value(text: str, attribute: Attribute[Any]) -> Any:
    """Return the value of a cell that is not blank. Raises Fault for what does not fit."""
    kind = _kind(attribute.type)
    if get_origin(kind) is Literal:
        return chosen(get_args(kind))(text.lower())
    if kind is str:
        return text
    if kind is date:
        return _day(text)
    if kind is bool:
        if text.lower() not in TRUTHS:
            raise Fault(VALUE, f"must be true or false, not {text!a}")
        return TRUTHS[text.lower()]
    return bounded(EXACT[kind], attribute)(cell_number(text, whole=kind is int))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Fault(VALUE, f"must be a date like 2027-01-31, not {text!a}") from None


def cell_number(text: str, *, whole: bool) -> float:
    """Return a number; tables write whole ones as 8.0 too. Raises Fault for what is none."""
    try:
        number = float(text)
    except ValueError:
        raise Fault(VALUE, f"must be a number, not {text!a}") from None
    return int(number) if whole and number.is_integer() else number


def _kind(annotation: Any) -> Any:
    kinds = [each for each in get_args(annotation) if each is not NoneType]
    return kinds[0] if NoneType in get_args(annotation) else annotation
