"""What the converter objects to, as findings at their places in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import fields, has
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from sizer.diagnostic import Diagnostic
from sizer.structure.nearest import nearest

if TYPE_CHECKING:
    from sizer.structure.document import Document
    from sizer.structure.positions import Path

TYPE = "SZ101"
MISSING = "SZ102"
UNKNOWN = "SZ103"
VALUE = "SZ104"


class Fault(Exception):  # noqa: N818  # cattrs gathers it; a Diagnostic is made of it
    """A value that does not fit; `message` follows the name of its key."""

    def __init__(self, code: str, message: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


def findings(error: Exception, document: Document, whole: type) -> list[Diagnostic]:
    """Return a finding for each fault in what the converter raised for class `whole`."""
    return [
        each
        for path, fault, cls in _leaves(error, (), whole)
        for each in _found(path, fault, cls, document, whole)
    ]


def _leaves(error: Exception, path: Path, cls: type) -> Iterator[tuple[Path, Exception, type]]:
    path = (*path, *_noted(error))
    if isinstance(error, BaseValidationError):
        for each in error.exceptions:
            yield from _leaves(each, path, error.cl)
    else:
        yield path, error, cls


def _noted(error: Exception) -> Path:
    """Return the steps that cattrs noted on an error, outermost first."""
    steps: list[str | int] = []
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            steps.append(note.name)
        elif isinstance(note, IterableValidationNote):
            steps.append(note.index)
    return tuple(reversed(steps))


def _found(
    path: Path, fault: Exception, cls: type, document: Document, whole: type
) -> Iterator[Diagnostic]:
    if isinstance(fault, Fault):
        name = next((step for step in reversed(path) if isinstance(step, str)), "the file")
        message = f"{name} {fault.message}"
        yield Diagnostic(fault.code, message, document.place(path), fault.help)
    elif isinstance(fault, ForbiddenExtraKeysError):
        for key in sorted(fault.extra_fields):
            yield unknown_key((*path, key), fault.cl, document, whole)
    elif isinstance(fault, KeyError):
        yield missing_key(path, cls, document)
    else:  # the converter has no other faults, so this is sizer's own
        raise fault


def missing_key(path: Path, cls: type, document: Document) -> Diagnostic:
    """Return the finding that a table of this class lacks the key that ends a path."""
    key = path[-1]
    doc = next(each.metadata["doc"] for each in fields(cls) if each.name == key)
    message = f"missing key {key!r}{_inside(path)}"
    return Diagnostic(MISSING, message, document.place(path), f"{key}: {doc}")


def unknown_key(path: Path, cls: type, document: Document, whole: type) -> Diagnostic:
    """Return the finding that a table of this class has no key like the last of a path."""
    key = str(path[-1])
    known = [each.name for each in fields(cls)]
    near = nearest(key, known)
    elsewhere = [table for table, names in _tables(whole) if key in names]
    if elsewhere:
        help_ = f"it belongs to {elsewhere[0]}"
    elif near:
        help_ = f"did you mean {near!r}?"
    else:
        help_ = f"keys here: {', '.join(known)}"
    message = f"unknown key {_short(key)}{_inside(path)}"
    return Diagnostic(UNKNOWN, message, document.place(path, key=True), help_)


def _inside(path: Path) -> str:
    """Return ` in [[models]]` for the table that holds the end of a path."""
    table = [step for step in path[:-1] if isinstance(step, str)]
    if not table:
        return ""
    name = ".".join(table)
    return f" in [[{name}]]" if isinstance(path[-2], int) else f" in [{name}]"


def _tables(whole: type, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each table of a class with the names of its keys."""
    for each in fields(whole):
        inner, listed = table_class(each.type)
        if inner is not None:
            name = prefix + each.name
            heading = f"[[{name}]]" if listed else f"[{name}]"
            yield heading, [key.name for key in fields(inner)]
            yield from _tables(inner, f"{name}.")


def table_class(annotation: object) -> tuple[type | None, bool]:
    """Return the class of the table or tables that a field holds, and whether it is a list."""
    arguments = getattr(annotation, "__args__", ())
    if arguments and has(arguments[0]):
        return arguments[0], True
    return (
        (annotation, False) if isinstance(annotation, type) and has(annotation) else (None, False)
    )


def _short(text: str) -> str:
    return ascii(text if len(text) <= 40 else text[:37] + "...")
