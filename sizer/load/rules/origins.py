"""Which file a rule of a question stands in, and where."""

from __future__ import annotations

from sizer.diagnostic import Place
from sizer.expr.text import Source
from sizer.load.rules.extends import Origin
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys


def origin_of(document: Document, origins: tuple[Origin, ...], keys: Keys) -> tuple[Document, Keys]:
    """Return the file and the path in it of a path in the merged profile."""
    match keys:
        case ("rule", int(index), *rest) if index < len(origins):
            origin = origins[index]
            return origin.document, ("rule", origin.index, *rest)
    return document, keys


def source_of(document: Document, origins: tuple[Origin, ...], keys: Keys) -> Source | None:
    """Return the text at a path of the merged profile."""
    origin, keys = origin_of(document, origins, keys)
    found = origin.source(keys)
    return Source(*found) if found else None


def place_of(
    document: Document,
    origins: tuple[Origin, ...],
    keys: Keys,
    characters: tuple[int, int] | None = None,
) -> Place | None:
    """Return where a condition of the merged profile stands, inside its quotes, or a part of it."""
    source = source_of(document, origins, keys)
    if source is None:
        origin, keys = origin_of(document, origins, keys)
        return origin.place(keys)
    if characters is not None:
        return source.place(*characters)
    start = len(source.text) - len(source.text.lstrip())
    return source.place(start, len(source.text.rstrip()))
