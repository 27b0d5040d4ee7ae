"""Names of repositories: ORG/MODEL, or ORG/MODEL@REVISION."""

from __future__ import annotations

import re
from urllib.parse import quote

from attrs import frozen

MAIN = "main"
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}"
_NAME = re.compile(rf"{_PART}/{_PART}")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@frozen
class Repository:
    """A repository at a branch, tag or commit."""

    name: str
    revision: str = MAIN

    def __str__(self) -> str:
        """Return the name as a profile writes it."""
        return self.name if self.revision == MAIN else f"{self.name}@{self.revision}"

    @property
    def folder(self) -> str:
        """Return the name of the repository's folder in the cache; the hub ignores case."""
        return self.name.lower().replace("/", "--")

    @property
    def reference(self) -> str:
        """Return the file name that stands for the revision."""
        return quote(self.revision, safe="")


def repository(name: str) -> Repository | None:
    """Return the repository that a name means, None if it cannot be one."""
    plain, _, revision = name.strip().partition("@")
    if not _NAME.fullmatch(plain) or ".." in plain or "--" in plain:
        return None
    if "@" not in name:
        return Repository(plain)
    safe = _REVISION.fullmatch(revision) and ".." not in revision and "//" not in revision
    return Repository(plain, revision) if safe else None


def is_commit(text: object) -> bool:
    """Return whether a text is the full name of a commit."""
    return isinstance(text, str) and bool(_COMMIT.fullmatch(text))
