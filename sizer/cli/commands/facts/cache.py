"""`sizer cache`: what the hub said, as it is kept on this machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sizer.cli.options.arguments import declare_form
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import UNWRITABLE, answer, reason, say
from sizer.diagnostic import Diagnostic, Place, problem
from sizer.render.findings import written
from sizer.render.forms import LISTING

if TYPE_CHECKING:  # the parser alone reads no cache
    from sizer.catalog.hub.shelf import Entry

DAMAGED = "SZ724"
COLUMNS = ("model", "commit", "revisions", "host", "asked", "kib")


def declare(parser: ArgumentParser) -> None:
    """Declare what may be done."""
    actions = parser.add_subparsers(metavar="ACTION", required=True, prog="sizer cache")
    for act, help_ in (
        (_list, "list what is kept"),
        (_verify, "check every entry against its hash; exit code 1 where one is damaged"),
        (_clear, "delete what is kept, or what is kept of these models"),
    ):
        action = actions.add_parser(act.__name__.strip("_"), help=help_, description=help_)
        action.add_argument("names", metavar="ORG/MODEL", nargs="*", help="only these models")
        if act is _list:
            declare_form(action, LISTING)
        action.set_defaults(act=act)


def handle(arguments: Namespace) -> Exit:
    """Do it to the entries that are meant."""
    from sizer.catalog.hub.settings import settings
    from sizer.catalog.hub.shelf import entries, matching

    found = matching(entries(settings().cache), arguments.names)
    if not found:
        say(f"nothing is kept in {settings().cache}")
    done: Exit = arguments.act(arguments, found)
    return done


def _list(arguments: Namespace, found: list[Entry]) -> Exit:
    from sizer.render.listing import Listing

    answer(LISTING.render(Listing([_row(each) for each in found], COLUMNS), arguments.format))
    return Exit.WELL


def _row(entry: Entry) -> dict[str, str | float]:
    return {
        "model": entry.name,
        "commit": entry.commit,
        "revisions": " ".join(entry.revisions),
        "host": entry.host,
        "asked": datetime.fromtimestamp(entry.written_s, UTC).date().isoformat(),
        "kib": entry.size_bytes / 1024,
    }


def _verify(_: Namespace, found: list[Entry]) -> Exit:
    damaged = [each for each in found if each.snapshot is None]
    for each in damaged:
        said = f"the entry of {each.name} is not what was written"
        help_ = f"it is never used; `sizer fetch {each.name}` replaces it"
        answer(f"{written(Diagnostic(DAMAGED, said, Place(str(each.path)), help_))}\n")
    say(f"{len(found)} checked: {len(damaged) or 'none'} damaged")
    return Exit.NOTHING_SURVIVES if damaged else Exit.WELL


def _clear(_: Namespace, found: list[Entry]) -> Exit:
    from sizer.catalog.hub.settings import settings
    from sizer.catalog.hub.shelf import remove

    try:
        remove(settings().cache, found)
    except OSError as error:
        said = f"the cache cannot be cleared: {reason(error)}"
        raise problem(UNWRITABLE, said, Place(str(settings().cache))) from None
    kib = sum(each.size_bytes for each in found) / 1024
    say(f"deleted {len(found)} entries, {kib:.0f} KiB")
    return Exit.WELL


COMMAND = Command("cache", "list, verify or clear what the hub said", declare, handle)
