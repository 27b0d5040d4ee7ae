"""What does not fit, as findings at their places in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from attrs import Attribute, AttrsInstance, fields, frozen, has

from sizer.diagnostic import MOST_OF_A_KIND, Diagnostic
from sizer.redaction import names_secret
from sizer.schema.asked.key import key_name
from sizer.structure.nearest import meaning, nearest
from sizer.structure.shape.faults import MISSING, UNKNOWN, LoneTable, Unfit, WrongKey
from sizer.structure.shape.scalars import described
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path

Class = type[AttrsInstance]
HIDDEN = "***"


@frozen(eq=False)
class Findings:
    """Makes findings about a document that holds a value of class `whole`."""

    document: Document
    whole: Class

    def of(self, unfit: Unfit) -> Iterator[Diagnostic]:
        """Yield a finding for each fault of what does not fit."""
        for path, fault in unfit.located():
            if not isinstance(fault, WrongKey):
                name = next((step for step in reversed(path) if isinstance(step, str)), "the file")
                place = self.document.place(path)
                header = f"write [[{'.'.join(map(str, path))}]] for each one"
                help_ = header if isinstance(fault, LoneTable) else fault.help
                said = fault.message
                if any(names_secret(step) for step in path if isinstance(step, str)):
                    said, help_ = self._without_value(path, said), None
                yield Diagnostic(fault.code, f"{name} {said}", place, help_)
            elif fault.code == UNKNOWN:
                yield self._unknown(path, fault.cls)
            else:
                yield from self.missing(path, fault.cls)

    def missing(self, path: Path, cls: Class) -> Iterator[Diagnostic]:
        """Yield that a table of this class lacks the key that ends a path, unless misspelt."""
        key, table = str(path[-1]), self.document.value(path[:-1])
        known = {key_name(each): each for each in fields(cls)}
        unknown = [each for each in (table or ()) if each not in known][:MOST_OF_A_KIND]
        if key not in [nearest(each, known) for each in unknown]:
            message = f"missing key {key!r}{_inside(path)}"
            place = self.document.place(path)
            yield Diagnostic(MISSING, message, place, _wanted(known[key]))

    def _without_value(self, path: Path, message: str) -> str:
        """Return a message about a secret without the secret."""
        return message.replace(described(self.document.value(path), what=False), HIDDEN)

    def _unknown(self, path: Path, cls: Class) -> Diagnostic:
        key = str(path[-1])
        known = [key_name(each) for each in fields(cls)]
        near = nearest(key, known)
        elsewhere = next((table for table, keys in _tables(self.whole) if key in keys), None)
        meant = None if meaning(key, known) else _meant(key, self.whole)
        if len(path) > 1 and key in [each.name for each in fields(self.whole)]:
            help_ = "it belongs above the first [table]"
        elif elsewhere and not meaning(key, known):
            help_ = f"it belongs to {elsewhere}"
        elif meant:
            help_ = f"did you mean {meant}?"
        elif near:
            help_ = f"did you mean {_heading(near, cls, path)}?"
        else:
            help_ = f"keys here: {', '.join(known)}"
        message = f"unknown key {_short(key)}{_inside(path)}"
        return Diagnostic(UNKNOWN, message, self.document.place(path, key=True), help_)


def _meant(key: str, whole: Class) -> str | None:
    """Return what a key of another tool is called in another table, with the table."""
    tables = list(_tables(whole))
    same = meaning(key, {each for _, keys in tables for each in keys})
    table = next((table for table, keys in tables if same in keys), None)
    return f"{same!r} of {table}" if table else None


def _heading(key: str, cls: Class, path: Path) -> str:
    """Return a key as it is written in place of a path, a table by its header and what it is."""
    field = next(each for each in fields(cls) if key_name(each) == key)
    inner, listed = table_class(field.type)
    if inner is None:
        return repr(key)
    name = ".".join([*(step for step in path[:-1] if isinstance(step, str)), key])
    return f"[[{name}]] ({field.metadata['doc']})" if listed else f"[{name}]"


def table_class(annotation: object) -> tuple[Class | None, bool]:
    """Return the class of the table or tables that a field holds, and whether it is a list."""
    arguments = getattr(annotation, "__args__", ())
    inner = arguments[0] if arguments else annotation
    found = inner if isinstance(inner, type) and has(inner) else None
    return found, bool(arguments)


def _wanted(key: Attribute[Any]) -> str:
    """Return what to write for a key that is missing."""
    inner, listed = table_class(key.type)
    if inner is not None and listed:
        return f"begin one with [[{key.name}]]: {key.metadata['doc']}"
    if get_origin(key.type) is Literal:
        return f"write `{key.name} = {get_args(key.type)[0]}`: {key.metadata['doc']}"
    return f"{key.name}: {key.metadata['doc']}"


def _inside(path: Path) -> str:
    """Return ` in [[models]]` for the table that holds the end of a path."""
    table = [step for step in path[:-1] if isinstance(step, str)]
    if not table:
        return ""
    name = ".".join(table)
    return f" in [[{name}]]" if isinstance(path[-2], int) else f" in [{name}]"


def _tables(whole: Class, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each table of a class with the names of its keys."""
    for each in fields(whole):
        inner, listed = table_class(each.type)
        if inner is not None:
            name = prefix + each.name
            heading = f"[[{name}]]" if listed else f"[{name}]"
            yield heading, [key_name(key) for key in fields(inner)]
            yield from _tables(inner, f"{name}.")


def _short(text: str) -> str:
    return ascii(text if len(text) <= 40 else text[:37] + "...")
