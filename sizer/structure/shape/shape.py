"""Plain data into frozen classes: exact types, bounds and choices, every fault with its path.

Nothing is coerced and nothing is left out, so that each fault of a file is found at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from attrs import NOTHING, Attribute, AttrsInstance, fields, has, resolve_types

from sizer.schema.asked.key import key_name
from sizer.schema.asked.parameter import Scalar
from sizer.structure.nearest import did_you_mean
from sizer.structure.shape.faults import (
    MISSING,
    TYPE,
    UNKNOWN,
    VALUE,
    Fault,
    Faults,
    LoneTable,
    Unfit,
    WrongKey,
)
from sizer.structure.shape.scalars import EXACT, bounded, chosen, described, expression, scalar
from sizer.structure.toml.path import Path

T = TypeVar("T", bound=AttrsInstance)
Reader = Callable[[Any], Any]
Located = list[tuple[Path, Fault]]
_LEXED = frozenset(("condition", "sort"))
UNIONS = (Union, UnionType)  # as `get_origin` names `X | Y`


@cache
def readers(cls: type[AttrsInstance]) -> Mapping[str, Reader]:
    """Return for each key of a class what turns its value into the field's."""
    resolve_types(cls)
    return MappingProxyType({key_name(each): _reader(each.type, each) for each in fields(cls)})


def structured(value: Any, cls: type[T]) -> T:
    """Return the instance that a table describes.

    Raises Unfit with every fault in it.
    """
    if not isinstance(value, dict):
        raise Fault(TYPE, f"must be a table, not {described(value)}")
    known = readers(cls)
    faults: Located = [((key,), WrongKey(UNKNOWN, cls)) for key in value if key not in known]
    made: dict[str, Any] = {}
    for attribute in fields(cls):
        name = key_name(attribute)
        if name in value:
            try:
                made[attribute.name] = known[name](value[name])
            except Unfit as unfit:
                faults.extend(unfit.located(name))
        elif attribute.default is NOTHING:
            faults.append(((name,), WrongKey(MISSING, cls)))
    if faults:
        raise Faults(faults)
    return cls(**made)


def _reader(annotation: Any, attribute: Attribute[Any]) -> Reader:
    """Return what reads a value of a type, within the bounds of its field."""
    if has(annotation):
        return lambda value: structured(value, annotation)
    if annotation == Scalar:
        return scalar
    arguments, origin = get_args(annotation), get_origin(annotation)
    if NoneType in arguments:
        return _reader(next(each for each in arguments if each is not NoneType), attribute)
    if origin in UNIONS:
        other, words = arguments
        return _worded(get_args(words), _reader(other, attribute))
    return _of_origin(annotation, attribute)


def _of_origin(annotation: Any, attribute: Attribute[Any]) -> Reader:
    arguments, origin = get_args(annotation), get_origin(annotation)
    if origin is dict:
        return _dict_reader(_reader(arguments[1], attribute))
    if origin is tuple:
        return _list_reader(_reader(arguments[0], attribute), attribute, tables=has(arguments[0]))
    return _single_reader(annotation, attribute)


def _single_reader(annotation: Any, attribute: Attribute[Any]) -> Reader:
    if get_origin(annotation) is Literal:
        return chosen(get_args(annotation))
    if attribute.metadata.get("expression") in _LEXED:
        return expression
    return bounded(EXACT[annotation], attribute)


def _worded(words: tuple[str, ...], read: Reader) -> Reader:
    """Return what reads one of a few words, or else a value of another type."""

    def read_either(value: Any) -> Any:
        if not isinstance(value, str) or value in words:
            return value if isinstance(value, str) else read(value)
        try:
            return read(value)
        except Fault as fault:
            listed = "".join(f"{described(each, what=False)} or " for each in words)
            said = fault.message.replace("must be ", f"must be {listed}", 1)
            raise Fault(fault.code, said, did_you_mean(value, words) or fault.help) from None

    return read_either


def _list_reader(read: Reader, attribute: Attribute[Any], *, tables: bool) -> Reader:
    empty_allowed = not attribute.default or attribute.metadata.get("expression")

    def read_list(value: Any) -> tuple[Any, ...]:
        if tables and not isinstance(value, list):
            raise LoneTable(TYPE, f"must be a list of tables, not {described(value)}")
        if isinstance(value, list):
            if not value and not empty_allowed:
                raise Fault(VALUE, "must not be empty", f"left out, it is {attribute.default}")
            return _items(value, read, repeats=attribute.metadata.get("repeats", False))
        return (read(value),)

    return read_list


def _dict_reader(read: Reader) -> Reader:
    """Return what reads a table whose keys are the writer's own."""

    def read_table(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Fault(TYPE, f"must be a table, not {described(value)}")
        made: dict[str, Any] = {}
        faults: Located = []
        for name, each in value.items():
            try:
                made[name] = read(each)
            except Fault as fault:
                if isinstance(each, dict):
                    fault.help = 'a name with dots stands in quotes, like "slo.pace"'
                faults.extend(fault.located(name))
        if faults:
            raise Faults(faults)
        return made

    return read_table


def _items(values: list[Any], read: Reader, *, repeats: bool) -> tuple[Any, ...]:
    """Read each item; refuse one that names the same as an earlier one, unless it `repeats`."""
    made: list[Any] = []
    faults: Located = []
    seen: set[Any] = set()
    for index, value in enumerate(values):
        try:
            made.append(read(value))
            if not repeats:
                _refuse_again(made[-1], seen)
        except Unfit as unfit:
            faults.extend(unfit.located(index))
    if faults:
        raise Faults(faults)
    return tuple(made)


def _refuse_again(value: Any, seen: set[Any]) -> None:
    """Refuse a value seen before; a table is named by its first key."""
    first = fields(type(value))[0] if has(type(value)) else None
    if first is not None and first.metadata.get("repeats"):
        return
    identity = getattr(value, first.name) if first is not None else value
    if identity in seen:
        shown = described(identity, what=False)
        said = f"{shown} stands in two tables" if first is not None else f"lists {shown} twice"
        fault = Fault(VALUE, said, "each stands once")
        raise Faults([((first.name,), fault)]) if first is not None else fault
    seen.add(identity)
