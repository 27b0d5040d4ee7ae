"""Expressions within a file, each with the usual spaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import AttrsInstance, fields, resolve_types

from sizer.expr.tidy import tidied
from sizer.schema.asked.key import key_name
from sizer.schema.asked.profile import Profile
from sizer.structure.shape.findings import table_class
from sizer.structure.toml.document import Document
from sizer.structure.toml.literal import quoted
from sizer.structure.toml.positions import Path, spans

_TIDIED = frozenset(("condition", "sort"))


def with_tidy_expressions(document: Document) -> str:
    """Return the text of a file, its conditions and sorts with the usual spaces.

    A text with escapes or several lines is left as its author wrote it.
    """
    text = document.text
    places = (spans(text)[path].value for path in _paths(document.data, Profile, ()))
    for start, end in sorted(places, reverse=True):
        written, value = text[start + 1 : end - 1], quoted(text, start).text
        if written == value and "\n" not in value:
            text = text[: start + 1] + tidied(value) + text[end - 1 :]
    return text


def _paths(table: Any, cls: type[AttrsInstance], within: Path) -> Iterator[Path]:
    """Yield where expressions stand, by what the classes of the schema say of their keys."""
    if not isinstance(table, Mapping):
        return
    resolve_types(cls)
    for attribute in fields(cls):
        key = key_name(attribute)
        value, path = table.get(key), (*within, key)
        inner, _ = table_class(attribute.type)
        expression = attribute.metadata.get("expression") in _TIDIED
        for item, place in _items(value, path, expression=expression):
            if inner is not None:
                yield from _paths(item, inner, place)
            elif expression and isinstance(item, str):
                yield place


def _items(value: Any, path: Path, *, expression: bool) -> Iterator[tuple[Any, Path]]:
    if isinstance(value, list):
        yield from ((item, (*path, index)) for index, item in enumerate(value))
    elif isinstance(value, Mapping) and expression:
        yield from ((item, (*path, name)) for name, item in value.items())
    else:
        yield value, path
