"""What a look-up by name answers."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import frozen

T = TypeVar("T")


@frozen
class Found(Generic[T]):
    """A fact, and what had to be decided to find it (an ambiguous short name)."""

    value: T
    note: str | None = None


class Unknown(LookupError):  # noqa: N818  # it names a state of knowledge
    """No entry has this name; `suggestions` are the nearest that exist."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions
