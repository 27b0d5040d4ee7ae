"""What a look-up by name answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place

T = TypeVar("T")
SILENT = "SZ709"
UNSTATED = "SZ725"
DOES: Mapping[str, str] = {
    "embed": "embeds texts",
    "rerank": "ranks texts",
    "classify": "classifies texts",
}


@frozen(eq=False, repr=False)
class Found(Generic[T]):
    """A fact, and what had to be decided to find it (an ambiguous short name).

    `revision` is the commit of a repository that it was read from.
    """

    value: T
    note: str | None = None
    revision: str | None = None


class Unknown(LookupError):  # noqa: N818  # it names a state of knowledge
    """No entry has this name; `near` finds the nearest that exist, which takes a while.

    `code` is the diagnostic of a place that was asked and could not answer, None where the name
    is simply not there; `help` is what to do about it.
    """

    def __init__(
        self,
        message: str,
        near: Callable[[], tuple[str, ...]] = tuple,
        *,
        code: str | None = None,
        help: str | None = None,  # noqa: A002  # a diagnostic's own word
    ) -> None:
        super().__init__(message)
        self.near = near
        self.code = code
        self.help = help

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Return the nearest names that exist."""
        return self.near()

    @property
    def hint(self) -> str | None:
        """Return what to do or which names are near, None where nothing helps."""
        names = " or ".join(repr(name) for name in self.near())
        near = f"did you mean {names}?" if names else None
        return f"{near} Or else: {self.help}" if near and self.help else near or self.help


def states_no_format(name: str, form: str | None, place: Place | None) -> Diagnostic:
    """Return the fault of asking for a checkpoint's own format where none of its files was read."""
    said, help_ = no_format(name, form)
    return Diagnostic(UNSTATED, said, place, help_)


def no_format(name: str, form: str | None) -> tuple[str, str]:
    """Return in words that a checkpoint's own format is not known, and what to write."""
    said = f"the weight format of {name} is not known: its config.json was not read"
    return said, f'write `weights = "{form or "bf16"}"` if its files are so'


def several_widths(name: str, choices: tuple[str, ...]) -> tuple[str, str]:
    """Return in words that a loader's name is that of several formats, and what to write."""
    *others, last = (f"`{each}`" for each in choices)
    return (
        f"{name!r} loads weights of several widths, so it is no weight format",
        f"write the one of the files: {', '.join(others)} or {last}",
    )


def writes_no_text(name: str, task: str, place: Place | None) -> Diagnostic:
    """Return the fault of asking a model for text that is made for another task."""
    said = f"{name} {DOES[task]} and writes none, and this load is to write"
    help_ = f'ask for it in a profile of its own, or write task = "{task}" under [workload]'
    return Diagnostic(SILENT, said, place, help_)
