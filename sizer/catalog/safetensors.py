"""Headers of safetensors files: how many elements of which type, and their exact bytes.

A file starts with the header's length, 8 bytes little-endian, and the header, a JSON object of
`{tensor: {dtype, shape, data_offsets}}` (the format's own description).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from math import prod

from attrs import frozen

LENGTH_BYTES = 8
MOST_HEADER_BYTES = 32 * 2**20
MOST_ELEMENTS = 10**15
MOST_NAME = 16


@frozen
class Stored:
    """What weight files hold: elements by type of number, and the bytes of all tensors."""

    elements: tuple[tuple[str, int], ...] = ()
    tensor_bytes: int = 0

    @property
    def total(self) -> int:
        """Return the number of elements of all types."""
        return sum(count for _, count in self.elements)


def header_length(start: bytes) -> int:
    """Return the length of the header in bytes.

    Raises ValueError when a file cannot start so.
    """
    if len(start) < LENGTH_BYTES:
        raise ValueError(f"{len(start)} bytes are no safetensors file")
    length: int = struct.unpack("<Q", start[:LENGTH_BYTES])[0]
    if not 2 <= length <= MOST_HEADER_BYTES:
        raise ValueError(f"a header of {length:,} bytes is not plausible")
    return length


def read_header(header: bytes) -> Stored:
    """Return what a header says.

    Raises ValueError for anything that is no header.
    """
    try:
        table = json.loads(header)
    except RecursionError:
        raise ValueError("the header is nested too deep") from None
    if not isinstance(table, dict):
        raise ValueError("the header is no JSON object")  # noqa: TRY004  # bad file
    elements: dict[str, int] = {}
    size = 0
    for name, tensor in table.items():
        if name == "__metadata__":
            continue
        dtype, count, width = _tensor(name, tensor)
        elements[dtype] = elements.get(dtype, 0) + count
        size += width
    return Stored(tuple(sorted(elements.items())), size)


def together(parts: Iterable[Stored]) -> Stored:
    """Return what several files hold together."""
    elements: dict[str, int] = {}
    size = 0
    for part in parts:
        size += part.tensor_bytes
        for dtype, count in part.elements:
            elements[dtype] = elements.get(dtype, 0) + count
    return Stored(tuple(sorted(elements.items())), size)


def _tensor(name: str, tensor: object) -> tuple[str, int, int]:
    """Return a tensor's type, its elements and its bytes."""
    match tensor:
        case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [start, end]}:
            count = prod(shape) if all(map(_plain, shape)) else -1
            width = end - start if _plain(start) and _plain(end) else -1
            if len(dtype) <= MOST_NAME and 0 <= count <= MOST_ELEMENTS and 0 <= width <= 8 * count:
                return dtype, count, width
    raise ValueError(f"tensor {name[:80]!r} has no plausible type, shape and place")


def _plain(value: object) -> bool:
    return type(value) is int and 0 <= value <= MOST_ELEMENTS
