"""Classes of files as JSON Schema (draft 7), for editors: what shape.py reads, with hover texts.

Unions stay flat (`type` lists), since editors multiply their messages by the branches of `anyOf`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from attrs import NOTHING, Attribute, AttrsInstance, fields, has, resolve_types

from sizer.schema.asked.key import key_name
from sizer.schema.asked.parameter import Scalar
from sizer.structure.shape.scalars import LARGEST_WHOLE
from sizer.structure.shape.shape import UNIONS

DRAFT = "http://json-schema.org/draft-07/schema#"
_TYPES: Mapping[Any, str] = {int: "integer", float: "number", str: "string", bool: "boolean"}
Schema = dict[str, Any]
# By class and key, like `Fleet.gpus`: what its values are beside what its class says.
Hints = Mapping[str, Schema]


def json_schema(cls: type[AttrsInstance], title: str, hints: Hints) -> Schema:
    """Return the schema of files that hold a class; `hints` are merged into those of their keys."""
    return {"$schema": DRAFT, "title": title, **_table(cls, hints)}


def _table(cls: type[AttrsInstance], hints: Hints) -> Schema:
    resolve_types(cls)
    attributes = fields(cls)
    required = [key_name(each) for each in attributes if each.default is NOTHING]
    properties = {
        key_name(each): _key(each, hints.get(f"{cls.__name__}.{each.name}", {}), hints)
        for each in attributes
    }
    said = {"required": required} if required else {}
    return {"type": "object", "additionalProperties": False, **said, "properties": properties}


def _key(attribute: Attribute[Any], hint: Schema, hints: Hints) -> Schema:
    found = _value(attribute.type, attribute, hint, hints)
    return {**found, "description": _described(attribute, hint)}


def _described(attribute: Attribute[Any], hint: Schema) -> str:
    meta, default = attribute.metadata, attribute.default
    unit = f" ({meta['unit']})" if meta.get("unit") else ""
    lone = default[0] if isinstance(default, tuple) and len(default) == 1 else default
    shown = isinstance(lone, str | int | float)
    said = f"{meta['doc']}{unit}" + (f"; default {lone!r}" if shown else "")
    return "\n\n".join(part for part in (said, hint.get("description")) if part)


def _value(annotation: Any, attribute: Attribute[Any], hint: Schema, hints: Hints) -> Schema:
    if annotation == Scalar:
        return {"type": ["number", "string", "boolean"]}
    arguments, origin = get_args(annotation), get_origin(annotation)
    if NoneType in arguments:
        inner = next(each for each in arguments if each is not NoneType)
        return _value(inner, attribute, hint, hints)
    if origin in UNIONS:
        return _worded(get_args(arguments[1]), _value(arguments[0], attribute, hint, hints))
    if origin is dict:
        found = {"type": "object", **_free(arguments[1], attribute, hint, hints)}
    elif origin is tuple:
        found = _list(arguments[0], attribute, hint, hints)
    elif origin is Literal:
        found = {"enum": list(arguments)}
    elif has(annotation):
        found = _table(annotation, hints)
    elif annotation is date:
        found = {"type": "string", "format": "date"}  # as taplo and tombi read a TOML date
    else:
        found = {
            "type": _TYPES[annotation],
            **_bounds(annotation, attribute),
            **_without_text(hint),
        }
    return found


def _worded(words: tuple[str, ...], other: Schema) -> Schema:
    """Return one of a few words, or a value of another type."""
    types = other["type"] if isinstance(other["type"], list) else [other["type"]]
    return {**other, "type": [*types, "string"], "pattern": f"^({'|'.join(words)})$"}


def _free(annotation: Any, attribute: Attribute[Any], hint: Schema, hints: Hints) -> Schema:
    """Return what a table with the writer's own keys has, unless a hint knows them."""
    if "properties" in hint:
        return {**_without_text(hint), "additionalProperties": False}
    return {**_without_text(hint), "additionalProperties": _value(annotation, attribute, {}, hints)}


def _list(annotation: Any, attribute: Attribute[Any], hint: Schema, hints: Hints) -> Schema:
    """Return a list; a lone value stands for a list of one, but a table does not."""
    item = _value(annotation, attribute, hint, hints)
    if has(annotation):
        return {"type": "array", "items": item}
    empty_allowed = not attribute.default or attribute.metadata.get("expression")
    least = {} if empty_allowed else {"minItems": 1}
    alone = {name: each for name, each in item.items() if name not in {"type", "anyOf"}}
    unique = {} if attribute.metadata.get("repeats") else {"uniqueItems": True}
    return {"type": [item["type"], "array"], **alone, **least, "items": item, **unique}


def _bounds(annotation: Any, attribute: Attribute[Any]) -> Schema:
    meta = attribute.metadata
    named = {"exclusiveMinimum": "above", "minimum": "least", "maximum": "most"}
    found = {name: meta[key] for name, key in named.items() if meta.get(key) is not None}
    if annotation is int:
        found.setdefault("maximum", LARGEST_WHOLE)
    return {"minLength": 1} if annotation is str else found


def _without_text(hint: Schema) -> Schema:
    return {name: each for name, each in hint.items() if name != "description"}
