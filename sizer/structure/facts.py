"""Facts as TOML: text to a frozen value and back, without coercion."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Any, TypeVar, get_args, get_origin

from attrs import Attribute, fields, has
from cattrs import BaseValidationError, Converter
from cattrs.gen import make_dict_unstructure_fn, override

from sizer.schema.asked.key import key_name
from sizer.structure.toml.depth import DEEPEST, too_deep

T = TypeVar("T")
KIND = "kind"  # tells the classes of a union apart, so it is always written


class Unreadable(ValueError):  # noqa: N818  # it names a state of a text
    """A text does not hold the facts that are wanted; the message says why."""


def read_facts(text: str, cls: type[T]) -> T:
    """Return the value that a TOML text describes.

    A whole number is taken where a float is wanted; nothing else changes its type. Raises
    tomllib.TOMLDecodeError for bad TOML and cattrs' ClassValidationError for a key that is
    unknown, missing or of another type, and for a number that is not finite.
    """
    return _converter().structure(tomllib.loads(text), cls)


def parse_facts(text: str, cls: type[T]) -> T:
    """Return the value that a text from outside describes.

    Raises Unreadable where read_facts raises errors of its libraries, and for deep nesting.
    """
    if too_deep(text) is not None:
        raise Unreadable(f"nested more than {DEEPEST} deep")
    try:
        return read_facts(text, cls)
    except ValueError as error:
        raise Unreadable(f"not TOML: {error}") from None
    except BaseValidationError as error:
        raise Unreadable(_first_reason(error)) from None


def write_facts(value: object) -> str:
    """Return the TOML text of a value, keys in the order of its class.

    What is None or the default is left out, so equal values give equal bytes.
    """
    import tomli_w  # noqa: PLC0415  # only who writes needs it

    return tomli_w.dumps(_without_none(_converter().unstructure(value)))


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for exact in (int, str, bool):
        converter.register_structure_hook(exact, _exactly)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook_factory(
        _is_tuple, lambda cls: _tuples(converter, get_args(cls))
    )
    converter.register_unstructure_hook_factory(has, lambda cls: _writer(converter, cls))
    return converter


def _writer(converter: Converter, cls: type[Any]) -> Callable[[Any], dict[str, Any]]:
    """Return a hook for a class, its fields under the keys that a file has."""
    named: dict[str, Any] = {
        each.name: override(rename=key_name(each)) for each in fields(cls) if _is_named(each)
    }
    if KIND in {each.name for each in fields(cls)}:
        named[KIND] = override(omit_if_default=False)
    return make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **named)


def _is_named(attribute: Attribute[Any]) -> bool:
    return key_name(attribute) != attribute.name


def _first_reason(error: BaseException) -> str:
    while isinstance(error, BaseValidationError) and error.exceptions:
        error = error.exceptions[0]
    return str(error)


def _exactly(value: Any, cls: type) -> Any:
    if type(value) is not cls:
        raise TypeError(f"expected {cls.__name__}, not {type(value).__name__}")
    return value


def _number(value: Any, _: type) -> float:
    if type(value) not in {int, float}:
        raise TypeError(f"expected a number, not {type(value).__name__}")
    if not isfinite(value):
        raise ValueError(f"expected a finite number, not {value}")
    return float(value)


def _is_tuple(cls: Any) -> bool:
    return get_origin(cls) is tuple


def _tuples(converter: Converter, kinds: tuple[Any, ...]) -> Callable[[Any, Any], Any]:
    """Return a hook for a tuple; cattrs' own would take a text apart into its letters."""

    def structure(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise TypeError(f"expected a list, not {type(value).__name__}")
        each = kinds[:1] * len(value) if kinds[-1] is Ellipsis else kinds
        return tuple(
            converter.structure(item, kind) for item, kind in zip(value, each, strict=True)
        )

    return structure


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(each) for each in value]
    return value
