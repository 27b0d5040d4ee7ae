"""The header of a GGUF file: keys and values, and each tensor's name, shape and type.

Little-endian (ggml's description of the format): "GGUF", version, number of tensors, number of
keys; then the keys, then the tensors. Everything is bounded: a length in the file is only a claim.
"""

from __future__ import annotations

import struct
from math import prod
from typing import BinaryIO

from attrs import define, field, frozen

from sizer.catalog.gguf.types import TYPES, stored_bytes

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_BYTES = 256 * 2**20
MOST_KEYS = 10_000
MOST_TENSORS = 500_000
MOST_NAME = 1024
MOST_TEXT = 8 * 2**20
MOST_ITEMS = 8 * 2**20
KEPT_ITEMS = 4096  # lists by layer are kept, vocabularies only counted
MOST_ELEMENTS = 10**13

_NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_TEXT, _LIST = 8, 9

Value = bool | int | float | str | tuple[bool | int | float, ...]


@frozen
class Tensor:
    """A tensor: its shape with the innermost width first, and ggml's number of its type."""

    name: str
    shape: tuple[int, ...]
    kind: int

    @property
    def elements(self) -> int:
        """Return the number of its elements."""
        return prod(self.shape)

    @property
    def size_bytes(self) -> int:
        """Return its bytes in the file."""
        return stored_bytes(self.kind, self.elements)


@frozen
class Header:
    """What a file says of itself; `lengths` are those of long lists, which are not kept."""

    values: dict[str, Value]
    lengths: dict[str, int]
    tensors: tuple[Tensor, ...]


def read_header(file: BinaryIO) -> Header:
    """Return the header at the start of a file.

    Raises ValueError when it is no GGUF header that can be read.
    """
    read = _Reader(file)
    if read.bytes(4) != MAGIC:
        raise ValueError("it does not start with GGUF")
    version = read.number("I")
    if version not in VERSIONS:
        raise ValueError(f"version {version:#x} of GGUF is none of {VERSIONS}")
    tensors, keys = read.count(MOST_TENSORS, "tensors"), read.count(MOST_KEYS, "keys")
    values: dict[str, Value] = {}
    lengths: dict[str, int] = {}
    for _ in range(keys):
        name = read.text(MOST_NAME)
        value, length = read.value(int(read.number("I")))
        if value is not None:
            values[name] = value
        if length is not None:
            lengths[name] = length
    return Header(values, lengths, tuple(read.tensor() for _ in range(tensors)))


@define
class _Reader:
    _file: BinaryIO
    _left: int = field(default=MOST_BYTES)

    def bytes(self, count: int) -> bytes:
        self._left -= count
        if self._left < 0:
            raise ValueError(f"its header is longer than {MOST_BYTES:,} bytes")
        found = self._file.read(count)
        if len(found) != count:
            raise ValueError("it ends within its header")
        return found

    def number(self, form: str) -> bool | int | float:
        found: bool | int | float = struct.unpack(f"<{form}", self.bytes(struct.calcsize(form)))[0]
        return found

    def count(self, most: int, what: str) -> int:
        found = int(self.number("Q"))
        if found > most:
            raise ValueError(f"{found:,} {what} are not plausible")
        return found

    def text(self, most: int) -> str:
        return self.bytes(self.count(most, "characters")).decode("utf-8", "replace")

    def value(self, kind: int) -> tuple[Value | None, int | None]:
        """Return a value, or of a long list or one of texts only the length."""
        if kind in _NUMBERS:
            return self.number(_NUMBERS[kind]), None
        if kind == _TEXT:
            return self.text(MOST_TEXT), None
        if kind != _LIST:
            raise ValueError(f"type {kind} of a value is not known")
        item, length = int(self.number("I")), self.count(MOST_ITEMS, "items")
        if item == _TEXT:
            for _ in range(length):
                self.bytes(self.count(MOST_TEXT, "characters"))
            return None, length
        if item not in _NUMBERS:
            raise ValueError(f"lists of type {item} are not read")
        content = self.bytes(length * struct.calcsize(_NUMBERS[item]))
        if length > KEPT_ITEMS:
            return None, length
        return struct.unpack(f"<{length}{_NUMBERS[item]}", content), length

    def tensor(self) -> Tensor:
        name = self.text(MOST_NAME)
        dimensions = int(self.number("I"))
        if not 1 <= dimensions <= 4:
            raise ValueError(f"tensor {name[:80]!r} has {dimensions} dimensions")
        shape = tuple(self.count(MOST_ELEMENTS, "elements") for _ in range(dimensions))
        kind = int(self.number("I"))
        self.bytes(8)  # where its data starts
        if kind not in TYPES or not 0 < prod(shape) <= MOST_ELEMENTS:
            raise ValueError(f"tensor {name[:80]!r} has no plausible shape and type")
        return Tensor(name, shape, kind)
