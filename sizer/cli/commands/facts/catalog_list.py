"""Commands that list a part of the catalog."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence

from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import answer, say

Row = Mapping[str, float | bool | str | None]


def list_command(
    name: str, summary: str, columns: Sequence[str], rows: Callable[[str], Sequence[Row]]
) -> Command:
    """Return the command that lists the rows whose name contains a text, given in lower case."""

    def handle(arguments: Namespace) -> Exit:
        from sizer.render.listing import listing

        found = rows(arguments.text.casefold())
        if not found:
            say(f"no name contains {arguments.text!r}")
            return Exit.NOTHING_SURVIVES
        answer(listing(found, columns, arguments.format))
        return Exit.WELL

    return Command(name, summary, declare_listing, handle)


def declare_listing(parser: ArgumentParser, more: Sequence[str] = ()) -> None:
    """Declare a part of a name, and a form; some commands have more forms."""
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help="a part of the name")
    parser.add_argument("--format", choices=("text", "json", "csv", *more), default="text")
