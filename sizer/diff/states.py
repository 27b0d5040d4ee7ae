"""States to compare: of a tree of files, of a lock, of a single profile."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from attrs import evolve

from sizer.diagnostic import Place, Problem, headline
from sizer.diff.case import Case, State
from sizer.diff.cases import answered_case, locked_case
from sizer.diff.tree import Tree
from sizer.load import load
from sizer.lock.facts import Pinned
from sizer.lock.file import NAME, read_lock
from sizer.lock.locked_run import input_drifts
from sizer.lock.make import asks
from sizer.lock.places import key_of, path_of
from sizer.resolve.facts import Facts
from sizer.schema.answered.difference import Note, StaleLock, Unanswered
from sizer.schema.answered.lock import Lock, LockedProfile


def profiles_of(tree: Tree) -> tuple[frozenset[str], bool]:
    """Return the profiles of a tree by path, and whether its locks name them.

    Without a lock, every file that asks for models is a profile.
    """
    locks = _locks(tree)
    if locks:
        entries = (
            key_of(path_of(each.path, at.parent), tree.root)
            for at, lock in locks
            for each in lock.profile
        )
        return frozenset(entries), True
    found = (name for name in tree.files if name.endswith(".toml") and asks(tree.root / name))
    return frozenset(found), False


def state_of(tree: Tree, wanted: Collection[str], beyond: Facts) -> State:
    """Return the state of those wanted profiles that a tree has.

    A lock's answer counts while the profile and its files are those that were locked; another is
    given now, by the lock's facts.
    """
    locked = {
        key_of(path_of(each.path, at.parent), tree.root): (at, lock, each)
        for at, lock in _locks(tree)
        for each in lock.profile
    }
    cases: dict[str, Case] = {}
    broken: set[str] = set()
    notes: list[Note] = []
    for name in sorted(wanted):
        if not (tree.root / name).is_file():
            continue
        try:
            cases[name] = _case(tree, name, locked.get(name), beyond, notes)
        except Problem as fault:
            said = headline(fault.diagnostics[0]).replace(f"{tree.root}/", "")
            notes.append(Unanswered(tree.name, said))
            broken.add(name)
    return State(tree.name, cases, frozenset(broken), tuple(notes))


def state_of_lock(path: Path, beyond: Facts) -> State:
    """Return the state that a lock recorded; its files are tried where they are."""
    lock = read_lock(path)
    cases = {each.path: locked_case(lock, path, each, each.path, beyond) for each in lock.profile}
    return State(str(path), cases)


def state_of_profile(path: Path, name: str, beyond: Facts) -> State:
    """Return the state of one profile, answered now, under a name. Raises Problem if it cannot."""
    return State(str(path), {name: answered_case(path, name, path.parent, beyond)})


def _case(
    tree: Tree,
    name: str,
    found: tuple[Path, Lock, LockedProfile] | None,
    beyond: Facts,
    notes: list[Note],
) -> Case:
    path = tree.root / name
    if found is None:
        return answered_case(path, name, tree.root, beyond)
    at, lock, entry = found
    source = Pinned(lock, beyond)
    if input_drifts(load(path, pinned=source.names), lock, entry, at):
        notes.append(StaleLock(tree.name, str(at.relative_to(tree.root)), name))
        return answered_case(path, name, at.parent, source)
    return locked_case(lock, at, entry, name, beyond)


def _locks(tree: Tree) -> list[tuple[Path, Lock]]:
    return list(_read(tree))


def _read(tree: Tree) -> Iterator[tuple[Path, Lock]]:
    for name in tree.files:
        if name == NAME or name.endswith(f"/{NAME}"):
            yield tree.root / name, _lock(tree, name)


def _lock(tree: Tree, name: str) -> Lock:
    """Return a lock of a tree; its faults are told by the name of the tree."""
    try:
        return read_lock(tree.root / name)
    except Problem as fault:
        place = Place(f"{tree.name}:{name}")
        raise Problem(tuple(evolve(each, place=place) for each in fault.diagnostics)) from None
