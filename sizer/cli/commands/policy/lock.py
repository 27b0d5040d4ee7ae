"""`sizer lock`: profiles answered, and everything that the answers rest on, in one file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli.options import waiver_day
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import write_whole
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import answer, reason, say
from sizer.diagnostic import problem
from sizer.render.findings import written
from sizer.structure.files.path_kind import is_file
from sizer.units import counted

if TYPE_CHECKING:  # the parser alone loads no locks
    from collections.abc import Iterator, Sequence

    from sizer.load.rules import Waiving
    from sizer.schema.answered.lock import Lock

NO_LOCK = "SZ510"
NAME = "sizer.lock"


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "profiles, or folders of them, beside those that the lock has"
    parser.add_argument("profiles", metavar="PROFILE", nargs="*", type=Path, help=help_)
    declare_file(parser)
    help_ = "write nothing; name what drifted, and end with 1 if anything did"
    parser.add_argument("--check", action="store_true", help=help_)


def declare_file(parser: ArgumentParser) -> None:
    """Declare which lock is meant."""
    help_ = f"the lock (default: the nearest {NAME} in this folder or above)"
    parser.add_argument("--lock", metavar="FILE", type=Path, help=help_)
    waiver_day.declare(parser, switch=False)


def handle(arguments: Namespace) -> Exit:
    """Write the lock, or with --check compare it."""
    from sizer.lock import profiles_in

    at = lock_path(arguments.lock)
    named = [each for path in arguments.profiles for each in profiles_in(path)]
    if arguments.check or not named:
        refuse_missing(at)
    if arguments.check:
        return _compared(*_old_and_new(arguments, at, named), at)
    with sole_writer(at):
        _, new = _old_and_new(arguments, at, named)
        return written_lock(new, at)


def _old_and_new(arguments: Namespace, at: Path, named: Sequence[Path]) -> tuple[Lock, Lock]:
    from sizer.lock import read_lock
    from sizer.lock.make import empty

    old = read_lock(at) if is_file(at) else empty()
    return old, renewed(old, old, at, waiver_day.waiving_of(arguments), named)


@contextmanager
def sole_writer(at: Path) -> Iterator[None]:
    """Let one process at a time read a lock, answer by it and write it."""
    from sizer.structure.files.folder_lock import alone_in

    def waits() -> None:
        say(f"another `sizer` writes in {at.parent}; waiting for it")

    with ExitStack() as held:
        try:
            held.enter_context(alone_in(at.parent, waits))
        except OSError as error:
            say(f"{at.parent} cannot be held ({reason(error)}): let one `sizer` at a time write it")
        yield


def lock_path(given: Path | None) -> Path:
    """Return the lock that is meant, there or not."""
    from sizer.lock import find_lock

    return given or find_lock(Path()) or Path(NAME)


def refuse_missing(at: Path) -> None:
    """Raise Problem (SZ510) when there is no lock."""
    if not is_file(at):
        hint = "`sizer lock profiles/` writes one for the profiles of a folder"
        raise problem(NO_LOCK, f"there is no {at}", hint=hint)


def renewed(old: Lock, facts: Lock, at: Path, day: Waiving, named: Sequence[Path] = ()) -> Lock:
    """Return a lock of the profiles that it has and those named, by facts of a lock."""
    from sizer.cli.options.facts import asking_hub
    from sizer.lock import made
    from sizer.lock.facts import Pinned
    from sizer.lock.places import key_of, path_of

    keys = {key_of(path, at.parent): path for path in named}
    for each in old.profile:
        path = path_of(each.path, at.parent)
        if each.path in keys or is_file(path):
            keys.setdefault(each.path, path)
        else:
            say(f"{each.path} is gone, and leaves the lock")
    with Progress() as progress:
        paths = [keys[key] for key in sorted(keys)]
        return made(paths, at.parent, Pinned(facts, asking_hub()), progress, day)


def written_lock(lock: Lock, at: Path) -> Exit:
    """Write a lock and say what it holds."""
    from sizer.lock import lock_text

    text = lock_text(lock)
    same = is_file(at) and at.read_text("utf-8") == text
    if not same:
        write_whole(at, [text])
    counts = (
        counted(len(each), what)
        for what, each in (
            ("profile", lock.profile),
            ("model", lock.model),
            ("accelerator", lock.accelerator),
        )
    )
    say(f"{at} {'is unchanged' if same else 'is written'}: {', '.join(counts)}")
    return Exit.WELL


def _compared(old: Lock, new: Lock, at: Path) -> Exit:
    from sizer.lock import drifts, lock_text

    found = drifts(old, new, at)
    answer("".join(f"{written(each)}\n" for each in found))
    same = at.read_text("utf-8") == lock_text(new)
    if same and not found:
        say(f"{at} holds")
        return Exit.WELL
    say(
        f"{at} does not hold: {counted(len(found), 'thing')} drifted"
        if found
        else f"{at} is not as written"
    )
    return Exit.NOTHING_SURVIVES


COMMAND = Command("lock", "write down what answers rest on, or check it", declare, handle)
