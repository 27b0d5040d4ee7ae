"""Hashes that are the same in every process: of values, and of the code that handles them."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache
from pathlib import Path, PurePath
from types import FunctionType, MethodType
from typing import Any

import numpy as np
from attrs import field, fields, frozen, has

_PACKAGE = Path(__file__).resolve().parents[1]
_PLAIN = (bool, int, float, str, bytes, date, type(None))


def digest(value: object) -> str:
    """Return the hash of a value: plain data, collections, arrays, expressions, attrs classes.

    A function is told by its name alone. Raises TypeError for anything else in it.
    """
    return _Digests().of(value).hex()


@cache
def code() -> str:
    """Return the hash of all modules of sizer, by their names and texts."""
    found = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        found.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()


@frozen
class _Digests:
    """Hashes of values by their identity, with the values: many deployments share a model."""

    _known: dict[int, tuple[bytes, object]] = field(factory=dict)

    def of(self, value: Any) -> bytes:
        if type(value) in _PLAIN:
            return _hash(type(value).__name__, repr(value).encode())
        if id(value) not in self._known:
            self._known[id(value)] = _hash(type(value).__name__, *self._parts(value)), value
        return self._known[id(value)][0]

    def _parts(self, value: Any) -> list[bytes]:
        found: list[bytes]
        match value:
            case np.ndarray():
                found = [f"{value.dtype.str}{value.shape}".encode(), value.tobytes()]
            case tuple() | list():
                found = [self.of(each) for each in value]
            case Mapping():
                found = sorted(self.of(each) + self.of(value[each]) for each in value)
            case AbstractSet():
                found = sorted(self.of(each) for each in value)
            case MethodType():
                found = [self.of(value.__func__), self.of(value.__self__)]
            case _ if has(type(value)):
                found = [self.of(getattr(value, each.name)) for each in fields(type(value))]
            case _:
                found = [_text(value).encode()]
        return found


def _text(value: Any) -> str:
    match value:
        case slice() | range():
            return repr(value)
        case PurePath():
            return str(value)
        case FunctionType():
            return f"{value.__module__}.{value.__qualname__}"
        case ast.AST():
            return ast.dump(value)
    raise TypeError(f"a {type(value).__name__} has no digest")


def _hash(kind: str, *parts: bytes) -> bytes:
    found = hashlib.sha256(kind.encode())
    for each in parts:
        found.update(len(each).to_bytes(8, "big") + each)
    return found.digest()
