"""What a case is about: a candidate's metrics, and the name of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from attrs import frozen

from sizer.schema.answered.report import Value
from sizer.schema.answered.trial import NoSuchCandidate


@frozen(eq=False)
class Subject:
    """What a case is about: a candidate's metrics, and the name of the chosen one if one is.

    Without metrics nothing survives or, as `missing` says, the profile has no such candidate.
    """

    metrics: Mapping[str, Value] | None
    chosen: str | None = None
    missing: NoSuchCandidate | None = None


def is_called(name: str | None, pattern: str) -> bool:
    """Return whether a candidate has a name, in which `*` stands for anything."""
    return name is not None and (name == pattern or fnmatchcase(name, pattern))
