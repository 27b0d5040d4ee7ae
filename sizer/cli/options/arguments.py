"""The parser of the command line; its faults are diagnostics like all others."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from sizer.cli.streams.command import Command
from sizer.cli.streams.commands import GROUPS
from sizer.cli.streams.streams import answer
from sizer.diagnostic import problem
from sizer.render.forms import Noun
from sizer.render.kit import PAGE_WIDTH

USAGE = "SZ006"
COLUMN = 13
DISTRIBUTION = "fleet-sizer"
EPILOG = """\
exit codes: 0 all well; 1 nothing survives, or a rule, case or lock does not hold;
2 a bad question; 3 a fault of sizer's own"""


class Parser(argparse.ArgumentParser):
    """Raises Problem (SZ006) where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        """Raise the fault with the usage as help."""
        usage = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise problem(USAGE, message, hint=f"usage: {usage}")

    def print_help(self, _: object = None) -> None:
        """Answer with the page of help. Raises Problem (SZ005) when nothing can be written."""
        answer(self.format_help())


class ShowVersion(argparse.Action):
    """Prints the installed version; looked up only when asked, as that takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        """Print and leave."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version(DISTRIBUTION)
        except PackageNotFoundError:
            found = "(not installed)"
        answer(f"sizer {found}\n")
        parser.exit()


class Help(argparse.RawDescriptionHelpFormatter):
    """Help of a fixed width: asking the terminal for its own costs every start 2 ms."""

    def __init__(self, prog: str) -> None:
        """Start a page for a program of this name."""
        super().__init__(prog, width=PAGE_WIDTH)


def parser_of(commands: Sequence[Command]) -> Parser:
    """Return the parser of all commands; `handle` of the parsed is the command's handler."""
    parser = Parser(
        prog="sizer",
        description="Which accelerator, how many, split how, at which precision: by your rules.",
        epilog=f"{_listed(commands)}\n\n{EPILOG}",
        allow_abbrev=False,
        formatter_class=Help,
    )
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version")
    words = parser.add_subparsers(metavar="COMMAND", required=True, prog="sizer", help="see below")
    for command in commands:
        word = words.add_parser(
            command.name,
            description=command.summary,
            allow_abbrev=False,
            formatter_class=Help,
        )
        command.declare(word)
        word.set_defaults(handle=command.handle)
    return parser


def _listed(commands: Sequence[Command]) -> str:
    """Return a line for each command, under its group."""
    told = {command.name: command.summary for command in commands}
    lines = []
    for group, names in GROUPS.items():
        known = [f"  {name:<{COLUMN}}{told[name]}" for name in names if name in told]
        lines += [f"{group}:", *known, ""] if known else []
    return "\n".join(lines).rstrip()


def declare_form(
    parser: argparse.ArgumentParser, noun: Noun[Any, str], more: Sequence[str] = ()
) -> None:
    """Declare `--format` with the forms of a noun; some commands have more."""
    parser.add_argument("--format", choices=(*noun.forms, *more), default="text")


def count(text: str) -> int:
    """Return a whole number of at least 1.

    Raises argparse.ArgumentTypeError for anything else.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def amount(text: str) -> float:
    """Return a number above 0.

    Raises argparse.ArgumentTypeError for anything else.
    """
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number
