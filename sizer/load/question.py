"""A profile with the rules it extends, checked in every way that needs no estimate."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from attrs import evolve, field, frozen

from sizer.diagnostic import Diagnostic, Place, Problem, in_order
from sizer.expr.policy import Policy, compile_policy
from sizer.expr.source import Source
from sizer.load.extends import Origin, Shared, gathered
from sizer.load.names import unknown_names, vocabulary
from sizer.schema.profile import Profile, Select
from sizer.structure.document import Document, read_document
from sizer.structure.positions import Path as Keys
from sizer.structure.profile import read_profile, read_rules

_QUESTION = ("models", "fleet", "workload", "engine", "select")


@frozen(eq=False)
class Question:
    """A profile that is well formed; rules of extended files come first.

    `folder` is what relative paths in the profile start from.
    """

    profile: Profile
    policy: Policy
    folder: Path
    origins: tuple[Origin, ...] = field(repr=False)
    document: Document = field(repr=False)
    notes: tuple[Diagnostic, ...] = ()

    def place(self, keys: Keys, *, key: bool = False) -> Place | None:
        """Return where a value of the profile stands, like ("rule", 2, "require"), or its key."""
        document, keys = _origin(self.document, self.origins, keys)
        return document.place(keys, key=key)


def load(path: Path) -> Question:
    """Return the question that a profile asks.

    Raises Problem with everything that is wrong with it and with the files that it extends.
    """
    return load_document(read_document(path), path.parent)


def load_document(document: Document, folder: Path) -> Question:
    """Return the question of a parsed profile whose relative paths start from a folder.

    Raises Problem as load does.
    """
    profile, faults = read_profile(document)
    shared = gathered(document, profile.extends, profile.rule, folder)
    faults += [*shared.faults, *unknown_names(profile, document, folder)]
    profile = evolve(profile, rule=shared.rules)
    policy = _policy(document, profile.select, shared, faults)
    return Question(profile, policy, folder, shared.origins, document)


def check(paths: Iterable[Path]) -> list[Diagnostic]:
    """Return every fault of profiles and shared rule files, each once, by file and place."""
    found: list[Diagnostic] = []
    for path in paths:
        try:
            document = read_document(path)
            if is_rule_file(document):
                _check_rules(document, path.parent)
            else:
                load_document(document, path.parent)
        except Problem as problem:
            found.extend(problem.diagnostics)
    return in_order(found)


def is_rule_file(document: Document) -> bool:
    """Return whether a file holds rules to share, and nothing of a question."""
    data = document.data
    return ("rule" in data or "extends" in data) and not any(table in data for table in _QUESTION)


def _check_rules(document: Document, folder: Path) -> None:
    file, faults = read_rules(document)
    shared = gathered(document, file.extends, file.rule, folder)
    _policy(document, Select(), shared, [*faults, *shared.faults])


def _policy(document: Document, select: Select, shared: Shared, faults: list[Diagnostic]) -> Policy:
    """Check the expressions; raise Problem with their faults and those that were found before."""

    def source_of(keys: Keys) -> Source | None:
        origin, keys = _origin(document, shared.origins, keys)
        found = origin.source(keys)
        return Source(*found) if found else None

    try:
        policy = compile_policy(select, shared.rules, source_of, vocabulary())
    except Problem as problem:
        raise Problem(tuple(in_order([*faults, *problem.diagnostics]))) from None
    if faults:
        raise Problem(tuple(in_order(faults)))
    return policy


def _origin(document: Document, origins: tuple[Origin, ...], keys: Keys) -> tuple[Document, Keys]:
    """Return the file and the path in it of a path in the merged profile."""
    match keys:
        case ("rule", int(index), *rest) if index < len(origins):
            origin = origins[index]
            return origin.document, ("rule", origin.index, *rest)
    return document, keys
