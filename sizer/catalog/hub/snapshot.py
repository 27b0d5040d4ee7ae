"""What is kept of a repository at a commit: its small files as they are, its weights in numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from sizer.catalog.hub.repository import is_commit
from sizer.catalog.safetensors import Stored

FORMAT = 1


@frozen
class Snapshot:
    """A repository at one commit.

    `files` are texts by name; `weights` is what the headers of its safetensors files say, None
    where it has none; `weight_bytes` is the size of the weight files, headers included.
    """

    name: str
    commit: str
    host: str
    files: Mapping[str, str] = field(repr=False)
    weights: Stored | None = None
    weight_bytes: int | None = None

    @property
    def digest(self) -> str:
        """Return the hash of everything here, as `sha256:...`."""
        return _digest(_body(self))


def stored_text(snapshot: Snapshot) -> str:
    """Return a snapshot as the text of a cache entry, its hash first."""
    body = _body(snapshot)
    return json.dumps({"digest": _digest(body), "snapshot": body}, indent=1, sort_keys=True) + "\n"


def read_stored(content: bytes) -> Snapshot:
    """Return the snapshot of a cache entry.

    Raises ValueError when the entry is not, to the bit, what was written.
    """
    try:
        entry = json.loads(content)
        body = entry["snapshot"]
        if entry["digest"] != _digest(body):
            raise ValueError("its hash is not that of its content")
        if body["format"] != FORMAT or not is_commit(body["commit"]):
            raise ValueError(f"its format is not {FORMAT}")
        return _snapshot(body)
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("it is no entry of a cache") from error


def _body(snapshot: Snapshot) -> dict[str, Any]:
    weights = snapshot.weights
    return {
        "format": FORMAT,
        "name": snapshot.name,
        "commit": snapshot.commit,
        "host": snapshot.host,
        "files": dict(snapshot.files),
        "elements": None if weights is None else dict(weights.elements),
        "tensor_bytes": None if weights is None else weights.tensor_bytes,
        "weight_bytes": snapshot.weight_bytes,
    }


def _snapshot(body: Mapping[str, Any]) -> Snapshot:
    elements = body["elements"]
    stored = None
    if elements is not None:
        stored = Stored(tuple(sorted(elements.items())), body["tensor_bytes"])
    return Snapshot(
        body["name"], body["commit"], body["host"], body["files"], stored, body["weight_bytes"]
    )


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    import hashlib  # noqa: PLC0415  # slow, and most models are in the catalog

    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
