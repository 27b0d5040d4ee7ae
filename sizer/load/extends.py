"""Rules that files share: `extends` followed, each file once, what is extended first."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import Factory, field, frozen

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.schema.profile import Rule
from sizer.structure.document import Document, read_document
from sizer.structure.profile import read_rules

DEEPEST = 16


@frozen(eq=False)
class Origin:
    """The file that a rule stands in, and which of its rules it is."""

    document: Document
    index: int


@frozen(eq=False)
class Shared:
    """All rules in order of precedence of reading, where each stands, and what is wrong."""

    rules: tuple[Rule, ...]
    origins: tuple[Origin, ...]
    faults: tuple[Diagnostic, ...]


def gathered(
    document: Document, extends: tuple[str, ...], rules: tuple[Rule, ...], folder: Path
) -> Shared:
    """Return a file's rules after those of the files that it extends.

    Faults: SZ501 missing, SZ502 cycle or too deep, SZ503 outside the repository, SZ504 a rule's id
    in two files, and those of the files themselves.
    """
    reader = _Reader(_root(folder))
    start = _real(Path(document.file))
    reader.follow(document, extends, folder, (start,))
    reader.add(document, rules)
    return Shared(tuple(reader.rules), tuple(reader.origins), tuple(reader.faults))


@frozen(eq=False)
class _Reader:
    root: Path
    read: set[Path] = field(default=Factory(set))
    rules: list[Rule] = field(default=Factory(list))
    origins: list[Origin] = field(default=Factory(list))
    faults: list[Diagnostic] = field(default=Factory(list))
    named: dict[str, Origin] = field(default=Factory(dict))

    def follow(
        self, document: Document, extends: tuple[str, ...], folder: Path, trail: tuple[Path, ...]
    ) -> None:
        """Read what a file extends; `trail` is the files from the profile to this one."""
        for index, name in enumerate(extends):
            if not name:  # a stand-in for what did not fit
                continue
            fault = self._refusal(folder / name, name, trail)
            place = document.place(("extends", index)) if fault else None
            if fault:
                code, message, help_ = fault
                self.faults.append(Diagnostic(code, message, place, help_))
            elif _real(folder / name) not in self.read:
                self._open(Path(os.path.normpath(folder / name)), trail)

    def add(self, document: Document, rules: tuple[Rule, ...]) -> None:
        """Take over a file's rules."""
        here = {rule.id: Origin(document, index) for index, rule in enumerate(rules) if rule.id}
        for name, origin in here.items():
            if name in self.named:
                message = f"rule {name!r} stands in two files"
                self.faults.append(
                    Diagnostic("SZ504", message, _id(origin), _also(self.named[name]))
                )
        self.rules.extend(rules)
        self.origins.extend(Origin(document, index) for index, _ in enumerate(rules))
        self.named.update(here)

    def _open(self, path: Path, trail: tuple[Path, ...]) -> None:
        self.read.add(_real(path))
        try:
            document = read_document(path)
        except Problem as problem:
            self.faults.extend(problem.diagnostics)
            return
        file, faults = read_rules(document)
        self.faults.extend(faults)
        self.follow(document, file.extends, path.parent, (*trail, _real(path)))
        self.add(document, file.rule)

    def _refusal(
        self, path: Path, name: str, trail: tuple[Path, ...]
    ) -> tuple[str, str, str | None] | None:
        """Return code, message and help if a file may not be extended."""
        real = _real(path)
        if Path(name).is_absolute():
            return "SZ503", f"{name!r} is an absolute path", "write it relative to this file"
        if not real.is_relative_to(self.root):
            help_ = "shared rules live in the same repository"
            return "SZ503", f"{name!r} leads out of the repository", help_
        if real in trail:
            return "SZ502", f"{name!r} extends itself, directly or through others", None
        if len(trail) > DEEPEST:
            return "SZ502", f"extends reaches more than {DEEPEST} files deep", None
        if not path.is_file():
            what = "is a directory" if path.is_dir() else "does not exist"
            return "SZ501", f"{name!r} {what}", f"looked for {os.path.normpath(path)}"
        return None


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _root(folder: Path) -> Path:
    """Return the repository that holds a folder, or else the folder's parent."""
    real = _real(folder)
    for each in (real, *real.parents):
        if (each / ".git").exists():
            return each
    return real.parent


def _id(origin: Origin) -> Place | None:
    return origin.document.place(("rule", origin.index, "id"))


def _also(origin: Origin) -> str | None:
    place = _id(origin)
    return f"the other is at {place.file}:{place.line}" if place else None
