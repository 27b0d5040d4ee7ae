"""`sizer update`: a lock with the facts of today."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from sizer.cli.commands.policy.lock import (
    declare_file,
    lock_path,
    refuse_missing,
    renewed,
    sole_writer,
    written_lock,
)
from sizer.cli.options import waiver_day
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import say
from sizer.diagnostic import Diagnostic, Problem


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "models, accelerators or providers whose facts to take anew (default: all)"
    parser.add_argument("names", metavar="NAME", nargs="*", help=help_)
    declare_file(parser)


def handle(arguments: Namespace) -> Exit:
    """Forget the facts that are named, or all, and write the lock again."""
    from sizer.lock import read_lock, without
    from sizer.lock.make import empty

    at = lock_path(arguments.lock)
    refuse_missing(at)
    with sole_writer(at):
        old = read_lock(at)
        facts = without(old, arguments.names) if arguments.names else empty()
        _fetch(each.name for each in old.model if each.revision and each not in facts.model)
        return written_lock(renewed(old, facts, at, waiver_day.waiving_of(arguments)), at)


def _fetch(names: Iterable[str]) -> None:
    """Ask the hub what the models of a lock are now. Raises Problem with all that it refuses."""
    from sizer.catalog.hub import Hub, HubFault, repository

    hub, faults = Hub(say), []
    for name in names:
        what = repository(name)
        try:
            if what is not None:
                hub.fetch(what)
        except HubFault as fault:
            faults.append(Diagnostic(str(fault.code), str(fault), None, fault.hint))
    if faults:
        raise Problem(tuple(faults))


COMMAND = Command("update", "take the facts of a lock anew", declare, handle)
