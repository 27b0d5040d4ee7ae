"""Facts as TOML: text to a frozen value and back, without coercion."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, TypeVar

import tomli_w
from attrs import has
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn

T = TypeVar("T")


def read_facts(text: str, cls: type[T]) -> T:
    """Return the value that a TOML text describes.

    Raises tomllib.TOMLDecodeError for bad TOML and cattrs' ClassValidationError for a key that
    is unknown, missing or of another type.
    """
    return _converter().structure(tomllib.loads(text), cls)


def write_facts(value: object) -> str:
    """Return the TOML text of a value; what is None or the default is left out."""
    return tomli_w.dumps(_without_none(_converter().unstructure(value)))


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for exact in (int, str, bool):
        converter.register_structure_hook(exact, _exactly)
    converter.register_structure_hook(float, _number)
    converter.register_unstructure_hook_factory(
        has, lambda cls: make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True)
    )
    return converter


def _exactly(value: Any, cls: type) -> Any:
    if type(value) is not cls:
        raise TypeError(f"expected {cls.__name__}, not {type(value).__name__}")
    return value


def _number(value: Any, _: type) -> float:
    if type(value) not in {int, float}:
        raise TypeError(f"expected a number, not {type(value).__name__}")
    return float(value)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(each) for each in value]
    return value
