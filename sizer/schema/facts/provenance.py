"""Where a model's structure comes from, and so how far its numbers can be trusted.

Only the checkpoint's own files state all that sizing needs: shapes, weight format, cache format.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen
class Checkpoint:
    """The checkpoint's own config.json: on the hub, or a copy in another repository.

    `commit` is that of `repository`. `of` names the repository that `file` is a copy from, where
    it is another one of the same structure.
    """

    repository: str
    commit: str
    file: str
    of: str | None = None
    kind: Literal["checkpoint"] = "checkpoint"


@frozen
class LocalFile:
    """A file of the user's own: a config.json, or the header of a GGUF file."""

    file: str
    kind: Literal["local file"] = "local file"


@frozen
class Described:
    """Numbers that the profile states."""

    kind: Literal["described"] = "described"


@frozen
class Table:
    """A table in another program; `release` is a commit or a version.

    Such tables hold shapes; most leave formats out.
    """

    owner: str
    release: str
    file: str
    kind: Literal["table"] = "table"


@frozen
class ClassDefault:
    """What a library's configuration class has where no file says otherwise; never a format."""

    library: str
    release: str
    class_name: str
    kind: Literal["class default"] = "class default"


@frozen
class Recalled:
    """Shapes as remembered, read nowhere; `held_against` is what they were compared with."""

    held_against: str | None = None
    kind: Literal["recalled"] = "recalled"


Provenance = Checkpoint | LocalFile | Described | Table | ClassDefault | Recalled
EXACT = (Checkpoint, LocalFile, Described)
