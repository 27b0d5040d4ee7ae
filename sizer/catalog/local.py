"""Models that lie on this machine: a config.json, a folder with a checkpoint, a GGUF file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sizer.catalog.checkpoint import (
    CONFIG,
    INDEX,
    MOST_FILE_BYTES,
    MOST_INDEX_BYTES,
    SIDE_FILES,
    json_object,
    read_checkpoint,
    shards_at_the_top,
    shards_of_index,
)
from sizer.catalog.gguf import read_gguf
from sizer.catalog.safetensors import (
    LENGTH_BYTES,
    Stored,
    header_length,
    read_header,
    together,
)
from sizer.schema.facts.model import Model

GGUF = ".gguf"


def read_local(path: Path, name: str) -> Model:
    """Return the structure at a path; a folder's weights count, a config.json stands for itself.

    Raises OSError when a file cannot be read, ValueError when it is not what it should be.
    """
    if path.name.lower().endswith(GGUF):
        return read_gguf(path, name)
    whole = path.name == CONFIG and not name.endswith(".json")
    names = [CONFIG, *SIDE_FILES] if whole else [path.name]
    present = [each for each in names if path.with_name(each).is_file() or each == path.name]
    files = {each: _text(path.with_name(each)) for each in present}
    if not whole:
        files = {CONFIG: files[path.name]}
    return read_checkpoint(files, _weights(path.parent) if whole else None, name)


def _text(path: Path) -> str:
    content = _bytes(path, MOST_FILE_BYTES)
    _checked(path, content)
    return content.decode("utf-8")


def _weights(folder: Path) -> Stored | None:
    names = [each.name for each in folder.iterdir() if each.is_file()]
    if INDEX in names:
        index = _checked(folder / INDEX, _bytes(folder / INDEX, MOST_INDEX_BYTES))
        shards = shards_of_index(index, names)
    else:
        shards = shards_at_the_top(names)
    return together(_headers(folder, shards)) if shards else None


def _headers(folder: Path, shards: list[str]) -> Iterator[Stored]:
    for shard in shards:
        with folder.joinpath(shard).open("rb") as file:
            try:
                yield read_header(file.read(header_length(file.read(LENGTH_BYTES))))
            except ValueError as error:
                raise ValueError(f"{shard}: {error}") from None


def _checked(path: Path, content: bytes) -> dict[str, object]:
    try:
        return json_object(content)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def _bytes(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"{path.name}: more than {most:,} bytes")
    return content
