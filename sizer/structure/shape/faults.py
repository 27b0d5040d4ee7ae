"""What is wrong with the shape of data: the codes, and what a reader raises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import AttrsInstance

from sizer.structure.toml.path import Path

TYPE = "SZ101"
MISSING = "SZ102"
UNKNOWN = "SZ103"
VALUE = "SZ104"


class Unfit(Exception):  # noqa: N818  # a state of data; a Diagnostic is made of each fault
    """Data does not fit."""

    def located(self, *steps: str | int) -> Iterator[tuple[Path, Fault]]:
        """Yield each fault with its path, which the given steps lead to."""
        raise NotImplementedError


class Fault(Unfit):
    """A value that does not fit; `message` follows the name of its key."""

    def __init__(self, code: str, message: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help

    def located(self, *steps: str | int) -> Iterator[tuple[Path, Fault]]:
        """Yield the fault itself."""
        yield steps, self


class WrongKey(Fault):
    """A key that a table of class `cls` lacks (SZ102) or does not know (SZ103)."""

    def __init__(self, code: str, cls: type[AttrsInstance]) -> None:
        super().__init__(code, "is missing" if code == MISSING else "is unknown")
        self.cls = cls


class LoneTable(Fault):
    """A value that stands where tables do, each under a header of its own."""


class Faults(Unfit):
    """What is wrong with the parts of a value, each with its path from there."""

    def __init__(self, found: Sequence[tuple[Path, Fault]]) -> None:
        super().__init__(f"{len(found)} faults")
        self.found = found

    def located(self, *steps: str | int) -> Iterator[tuple[Path, Fault]]:
        """Yield the faults of all parts."""
        for path, fault in self.found:
            yield (*steps, *path), fault
