"""A repository read over the network: what it says of itself, small files, weight headers."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attrs import frozen

from sizer.catalog.checkpoint import (
    CONFIG,
    INDEX,
    MOST_FILE_BYTES,
    MOST_INDEX_BYTES,
    SIDE_FILES,
    OutsideFolder,
    json_object,
    shards_at_the_top,
    shards_of_index,
)
from sizer.catalog.hub import faults
from sizer.catalog.hub.client import Client
from sizer.catalog.hub.repository import Repository, is_commit, repository
from sizer.catalog.hub.snapshot import Snapshot
from sizer.catalog.safetensors import LENGTH_BYTES, Stored, header_length, read_header, together

MOST_ABOUT_BYTES = 16 * 2**20
FIRST_BYTES = 100_000  # a shard's header is mostly shorter
READERS = 8
TOLD_EVERY = 32
WEIGHTS = (".safetensors", ".bin", ".pt", ".pth")


@frozen
class Listing:
    """A repository's canonical name, its commit, and its files with their sizes in bytes."""

    at: Repository
    sizes: Mapping[str, int | None]


def read_repository(client: Client, what: Repository) -> Snapshot:
    """Return a repository's facts at the commit that its revision means now.

    Raises HubFault for whatever stands in the way.
    """
    client.tell(f"fetching {what} from {client.settings.host}")
    listing = _listing(client, what)
    if CONFIG not in listing.sizes:
        raise _nothing_to_read(what, listing.sizes)
    wanted = [CONFIG, *(name for name in SIDE_FILES if name in listing.sizes)]
    files = {name: _text(client, listing.at, name) for name in wanted}
    shards = _shards(client, listing)
    sizes = [size for name in _weight_files(listing, shards) if (size := listing.sizes[name])]
    return Snapshot(
        name=listing.at.name,
        commit=listing.at.revision,
        host=client.settings.host,
        files=files,
        weights=_weights(client, listing.at, shards) if shards else None,
        weight_bytes=sum(sizes) or None,
    )


def _listing(client: Client, what: Repository) -> Listing:
    shown = f"the hub's answer for {what}"
    about = _object(client.about(what, MOST_ABOUT_BYTES), shown)
    commit, name, files = about.get("sha"), about.get("id"), about.get("siblings")
    if not is_commit(commit):
        raise faults.broken(shown, "it names no commit")
    if not isinstance(name, str) or repository(name) != Repository(name):
        raise faults.broken(shown, "it names no repository")
    if not isinstance(files, list):
        raise faults.broken(shown, "it lists no files")
    sizes = {}
    for each in files:
        file = each.get("rfilename") if isinstance(each, Mapping) else None
        if isinstance(file, str):
            size = each.get("size")
            sizes[file] = size if type(size) is int and size >= 0 else None
    return Listing(Repository(name, str(commit)), sizes)


def _text(client: Client, at: Repository, name: str) -> str:
    """Return a small file that is a JSON object."""
    content = client.file(at, name, MOST_FILE_BYTES)
    _object(content, f"{name} of {at.name}")
    return content.decode("utf-8")


def _object(content: bytes, shown: str) -> dict[str, Any]:
    try:
        return json_object(content)
    except ValueError as error:
        raise faults.broken(shown, str(error)) from None


def _shards(client: Client, listing: Listing) -> list[str]:
    """Return the safetensors files of the model: those of its index, or else those at its top."""
    indexed = INDEX in listing.sizes
    shown = f"{INDEX} of {listing.at.name}" if indexed else f"the files of {listing.at.name}"
    try:
        if not indexed:
            return shards_at_the_top(listing.sizes)
        index = _object(client.file(listing.at, INDEX, MOST_INDEX_BYTES), shown)
        return shards_of_index(index, listing.sizes)
    except OutsideFolder as error:
        raise faults.astray(shown, str(error)) from None
    except ValueError as error:
        raise faults.broken(shown, str(error)) from None


def _weights(client: Client, at: Repository, shards: list[str]) -> Stored:
    """Return what all shards hold; the first fault, or Ctrl-C, ends all that is under way."""
    readers, parts = ThreadPoolExecutor(READERS), list[Stored]()
    try:
        for part in readers.map(lambda shard: _header(client, at, shard), shards):
            parts.append(part)
            if len(parts) % TOLD_EVERY == 0:
                client.tell(f"{at.name}: {len(parts)} of {len(shards)} weight headers")
        return together(parts)
    finally:
        client.stop()  # weights are read last: what is still under way is for nobody
        readers.shutdown(cancel_futures=True)


def _header(client: Client, at: Repository, shard: str) -> Stored:
    start = client.part(at, shard, 0, FIRST_BYTES)
    try:
        ends = LENGTH_BYTES + header_length(start)
        if ends > len(start) >= FIRST_BYTES:
            start += client.part(at, shard, len(start), ends - len(start))
        return read_header(start[LENGTH_BYTES:ends])
    except ValueError as error:
        raise faults.broken(f"the header of {shard} of {at.name}", str(error)) from None


def _weight_files(listing: Listing, shards: list[str]) -> list[str]:
    if shards:
        return shards
    return [name for name in listing.sizes if "/" not in name and name.endswith(WEIGHTS[1:])]


def _nothing_to_read(what: Repository, files: Mapping[str, int | None]) -> faults.HubFault:
    if "adapter_config.json" in files:
        why, help_ = "it is an adapter, no model", "name the model that it adapts"
    elif any(name.endswith(".gguf") for name in files):
        why, help_ = "it holds GGUF files only", "download one and name its path"
    elif "model_index.json" in files:
        why, help_ = "it is a pipeline of diffusers", "sizer sizes models of text"
    else:
        why, help_ = f"it has no {CONFIG}", "describe the model by hand, with num_parameters"
    return faults.no_model(what, why, help_)
