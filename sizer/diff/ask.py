"""What `sizer diff` was asked to compare: profiles, locks, folders or revisions."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from sizer.diagnostic import problem
from sizer.diff.case import State
from sizer.diff.compare import difference
from sizer.diff.git import commit_of, fork_of
from sizer.diff.states import profiles_of, state_of, state_of_lock, state_of_profile
from sizer.diff.tree import Tree, checked_out, work_tree
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.difference import Difference
from sizer.structure.files.path_kind import exists, is_folder

USAGE = "SZ006"
LOCK = ".lock"


def compared(first: str | None, second: str | None, beyond: Facts = CATALOG) -> Difference:
    """Compare two files, two folders or two revisions.

    Facts that no lock holds come from `beyond`. `A..B` and `A...B` are two revisions in one word; a
    revision alone is compared with the work tree, nothing at all means HEAD. Raises Problem with
    what is wrong with either.
    """
    if first is not None and second is not None and exists(first):
        return difference(*_of_files(Path(first), Path(second), beyond))
    with ExitStack() as stack:
        trees = _trees(first, second, stack)
        return difference(*_of_trees(*trees, beyond))


def _of_files(first: Path, second: Path, beyond: Facts) -> tuple[State, State]:
    if is_folder(first) and is_folder(second):
        return _of_trees(_folder(first), _folder(second), beyond)
    if is_folder(first) or is_folder(second):
        raise problem(USAGE, "a folder is compared with a folder", hint="name a file in it")
    locks = [each.suffix == LOCK for each in (first, second)]
    if all(locks):
        return state_of_lock(first, beyond), state_of_lock(second, beyond)
    if any(locks):
        raise problem(USAGE, "a lock is compared with a lock, a profile with a profile")
    name = str(second)
    return state_of_profile(first, name, beyond), state_of_profile(second, name, beyond)


def _of_trees(first: Tree, second: Tree, beyond: Facts) -> tuple[State, State]:
    """Return both states of all profiles that locks name, or without locks of all there are."""
    found = [profiles_of(tree) for tree in (first, second)]
    by_lock = any(locked for _, locked in found)
    wanted = {name for names, locked in found if locked or not by_lock for name in names}
    return state_of(first, wanted, beyond), state_of(second, wanted, beyond)


def _folder(path: Path) -> Tree:
    files = (each.relative_to(path) for each in path.rglob("*") if each.is_file())
    shown = (each.as_posix() for each in files if not any(p.startswith(".") for p in each.parts))
    return Tree(str(path), path, tuple(sorted(shown)))


def _trees(first: str | None, second: str | None, stack: ExitStack) -> tuple[Tree, Tree]:
    here = Path()
    before, after = _revisions(first, second)
    name, start = before
    one = stack.enter_context(checked_out(here, start, name))
    if after is None:
        return one, work_tree(here)
    name, end = after
    return one, stack.enter_context(checked_out(here, end, name))


def _revisions(
    first: str | None, second: str | None
) -> tuple[tuple[str, str], tuple[str, str] | None]:
    """Return name and commit of both sides; the second None is the work tree."""
    here = Path()
    if first is None:
        return ("HEAD", commit_of(here, "HEAD")), None
    if second is not None:
        return (first, commit_of(here, first)), (second, commit_of(here, second))
    for dots in ("...", ".."):
        left, found, right = first.partition(dots)
        if found:
            left, right = left or "HEAD", right or "HEAD"
            parted = fork_of(here, left, right) if dots == "..." else commit_of(here, left)
            return (left, parted), (right, commit_of(here, right))
    return (first, commit_of(here, first)), None
