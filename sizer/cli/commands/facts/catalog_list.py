"""Commands that list a part of the catalog."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence

from sizer.cli.options.arguments import declare_form
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import answer, say
from sizer.render.forms import LISTING

Row = Mapping[str, float | bool | str | None]


def list_command(
    name: str,
    summary: str,
    columns: Sequence[str],
    rows: Callable[[str], Sequence[Row]],
    taken: Callable[[str], str | None] = lambda _: None,
) -> Command:
    """Return the command that lists the rows whose name contains a text, given in lower case.

    `taken` says what a profile takes the text as, where that is another name.
    """

    def handle(arguments: Namespace) -> Exit:
        from sizer.render.listing import Listing

        found = rows(arguments.text.casefold())
        if not found:
            say(f"no name contains {arguments.text!r}")
            return Exit.NOTHING_SURVIVES
        answer(LISTING.render(Listing(found, columns), arguments.format))
        note = taken(arguments.text)
        if note:
            say(f"in a profile, {note}")
        return Exit.WELL

    return Command(name, summary, declare_listing, handle)


def declare_listing(parser: ArgumentParser, more: Sequence[str] = ()) -> None:
    """Declare a part of a name, and a form; some commands have more forms."""
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help="a part of the name")
    declare_form(parser, LISTING, more)
