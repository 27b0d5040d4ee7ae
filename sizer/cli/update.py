"""`sizer update`: a lock with the facts of today."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.command import Command
from sizer.cli.exit import Exit
from sizer.cli.lock import declare_file, lock_path, refuse_missing, renewed, written_lock


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "models, accelerators or providers whose facts to take anew (default: all)"
    parser.add_argument("names", metavar="NAME", nargs="*", help=help_)
    declare_file(parser)


def handle(arguments: Namespace) -> Exit:
    """Forget the facts that are named, or all, and write the lock again."""
    from sizer.lock import read_lock, without  # noqa: PLC0415  # heavy
    from sizer.lock.make import empty  # noqa: PLC0415  # heavy

    at = lock_path(arguments.lock)
    refuse_missing(at)
    old = read_lock(at)
    facts = without(old, arguments.names) if arguments.names else empty()
    return written_lock(renewed(old, facts, at, []), at)


COMMAND = Command("update", "take the facts of a lock anew", declare, handle)
