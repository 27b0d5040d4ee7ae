"""What can still be read of data that does not fit, so that its other faults are found too."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any, Literal, TypeVar, get_args, get_origin

from attrs import NOTHING, Attribute, AttrsInstance, fields, resolve_types

from sizer.schema.asked.key import key_name
from sizer.structure.shape.faults import Unfit
from sizer.structure.shape.findings import table_class
from sizer.structure.shape.shape import readers

T = TypeVar("T", bound=AttrsInstance)

_STAND_INS = {"condition": "fits", "sort": "tokens_per_second", "message": "-"}


def glimpse(value: Any, cls: type[T]) -> T:
    """Return an instance with every key that fits, defaults or stand-ins for the others.

    An empty text stands for a required one that is missing; items keep their index.
    """
    resolve_types(cls)
    table = value if isinstance(value, dict) else {}
    wanted = [each for each in fields(cls) if key_name(each) in table or each.default is NOTHING]
    return cls(**{each.name: _glimpsed(table, each, cls) for each in wanted})


def _glimpsed(table: dict[str, Any], attribute: Attribute[Any], cls: type[AttrsInstance]) -> Any:
    value = table.get(key_name(attribute))
    read = readers(cls)[key_name(attribute)]
    try:
        return read(value)
    except Unfit:
        inner, listed = table_class(attribute.type)
    if inner is not None and not listed:
        return glimpse(value, inner)
    if get_origin(attribute.type) is dict:
        return _entries(value, read)
    if get_origin(attribute.type) is not tuple:
        return _stand_in(attribute) if attribute.default is NOTHING else attribute.default
    items = value if isinstance(value, list) else [value]
    if inner is not None:
        return tuple(glimpse(each, inner) for each in items)
    return tuple(_item(each, read, attribute) for each in items)


def _entries(value: Any, read: Any) -> dict[str, Any]:
    """Return the entries of a free table that fit."""
    made: dict[str, Any] = {}
    for name, each in value.items() if isinstance(value, dict) else ():
        with suppress(Unfit):
            made |= read({name: each})
    return made


def _item(value: Any, read: Any, attribute: Attribute[Any]) -> Any:
    if isinstance(value, list | dict):
        return _stand_in(attribute)
    try:
        return read(value)[0]
    except Unfit:
        return _stand_in(attribute)


def _stand_in(attribute: Attribute[Any]) -> Any:
    expression = attribute.metadata.get("expression")
    if expression:
        return _STAND_INS[expression]
    arguments = get_args(attribute.type)
    if get_origin(attribute.type) is Literal:
        return arguments[0]
    if attribute.type is date:
        return date.max
    return "" if str in (attribute.type, *arguments) else 1
