"""Plain data into frozen classes: exact types, bounds and choices, every fault with its path.

cattrs walks the classes and gathers the faults; the hooks here refuse what it would coerce.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin

from attrs import Attribute, AttrsInstance, fields, has, resolve_types
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    IterableValidationError,
    IterableValidationNote,
    override,
)
from cattrs.gen import make_dict_structure_fn

from sizer.schema.parameter import Scalar
from sizer.structure.faults import TYPE, VALUE, Fault
from sizer.structure.scalars import EXACT, bounded, chosen, described, expression, scalar

T = TypeVar("T", bound=AttrsInstance)
Reader = Callable[[Any], Any]
_LEXED = frozenset(("condition", "sort"))


@cache
def converter() -> Converter:
    """Return the one converter of profiles; it leaves out defaults when it writes."""
    made = Converter(forbid_extra_keys=True, detailed_validation=True, omit_if_default=True)
    made.register_structure_hook_factory(has, _table_hook)
    made.register_unstructure_hook(tuple, lambda values: [made.unstructure(v) for v in values])
    return made


@cache
def readers(cls: type[AttrsInstance]) -> Mapping[str, Reader]:
    """Return for each key of a class what turns its value into the field's."""
    resolve_types(cls)
    return MappingProxyType({each.name: _reader(each.type, each) for each in fields(cls)})


def _table_hook(cls: type[T]) -> Callable[[Any, Any], T]:
    """Return cattrs' own hook for a class, with our readers for its fields."""

    def hooked(read: Reader) -> Callable[[Any, Any], Any]:
        return lambda value, _: read(value)

    overrides = {name: override(struct_hook=hooked(read)) for name, read in readers(cls).items()}
    structure = make_dict_structure_fn(cls, converter(), **overrides)  # type: ignore[arg-type]

    def table(value: Any, _: Any) -> T:
        if not isinstance(value, dict):
            raise Fault(TYPE, f"must be a table, not {described(value)}")
        return structure(value, cls)

    return table


def _reader(annotation: Any, attribute: Attribute[Any]) -> Reader:
    """Return what reads a value of a type, within the bounds of its field."""
    if has(annotation):
        return lambda value: converter().structure(value, annotation)
    if annotation == Scalar:
        return scalar
    arguments = get_args(annotation)
    if NoneType in arguments:
        return _reader(next(each for each in arguments if each is not NoneType), attribute)
    origin = get_origin(annotation)
    if origin is dict:
        return _dict_reader(_reader(arguments[1], attribute), attribute)
    if origin is tuple:
        return _list_reader(_reader(arguments[0], attribute), attribute, tables=has(arguments[0]))
    return _single_reader(annotation, attribute)


def _single_reader(annotation: Any, attribute: Attribute[Any]) -> Reader:
    if get_origin(annotation) is Literal:
        return chosen(get_args(annotation))
    if attribute.metadata.get("expression") in _LEXED:
        return expression
    return bounded(EXACT[annotation], attribute)


def _list_reader(read: Reader, attribute: Attribute[Any], *, tables: bool) -> Reader:
    empty_allowed = not attribute.default or attribute.metadata.get("expression")

    def read_list(value: Any) -> tuple[Any, ...]:
        if tables and not isinstance(value, list):
            help_ = f"write [[{attribute.name}]], with its table's name, for each one"
            raise Fault(TYPE, f"must be a list of tables, not {described(value)}", help_)
        if isinstance(value, list):
            if not value and not empty_allowed:
                raise Fault(VALUE, "must not be empty", f"left out, it is {attribute.default}")
            return _items(value, read, attribute)
        return (read(value),)

    return read_list


def _dict_reader(read: Reader, attribute: Attribute[Any]) -> Reader:
    """Return what reads a table whose keys are the writer's own."""

    def read_table(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Fault(TYPE, f"must be a table, not {described(value)}")
        made: dict[str, Any] = {}
        faults: list[Exception] = []
        for name, each in value.items():
            try:
                made[name] = read(each)
            except Fault as fault:
                if isinstance(each, dict):
                    fault.help = 'a name with dots stands in quotes, like "slo.pace"'
                fault.add_note(AttributeValidationNote(f"key {name!a}", name, str))
                faults.append(fault)
        if faults:
            raise IterableValidationError(f"in {attribute.name}", faults, dict)
        return made

    return read_table


def _items(values: list[Any], read: Reader, attribute: Attribute[Any]) -> tuple[Any, ...]:
    """Read each item, and refuse one that names the same thing as an earlier one."""
    made: list[Any] = []
    faults: list[Exception] = []
    seen: set[Any] = set()
    for index, value in enumerate(values):
        try:
            made.append(read(value))
            _refuse_again(made[-1], seen)
        except (Fault, BaseValidationError) as fault:
            fault.add_note(IterableValidationNote(f"item {index}", index, attribute.type))
            faults.append(fault)
    if faults:
        raise IterableValidationError(f"in {attribute.name}", faults, tuple)
    return tuple(made)


def _refuse_again(value: Any, seen: set[Any]) -> None:
    """Refuse a value seen before; a table is named by its first key."""
    first = fields(type(value))[0] if has(type(value)) else None
    if first is not None and first.metadata.get("repeats"):
        return
    name = first.name if first is not None else None
    identity = getattr(value, name) if name else value
    if identity in seen:
        shown = described(identity, what=False)
        said = f"{shown} stands in two tables" if name else f"lists {shown} twice"
        fault = Fault(VALUE, said, "each stands once")
        if name:
            fault.add_note(AttributeValidationNote(f"key {name}", name, str))
        raise fault
    seen.add(identity)
