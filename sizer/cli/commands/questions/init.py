"""`sizer init`: a commented starter profile."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import STANDARD, deliver
from sizer.cli.streams.streams import UNWRITABLE, say
from sizer.diagnostic import Place, problem

DEFAULT = "profile.toml"


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = f"where to write (default: {DEFAULT}; `-` is stdout)"
    parser.add_argument("file", metavar="FILE", nargs="?", default=DEFAULT, help=help_)
    parser.add_argument("--force", action="store_true", help="replace a file that exists")


def handle(arguments: Namespace) -> Exit:
    """Write the file, unless there is one."""
    from sizer.cli.commands.questions.starter import starter
    from sizer.structure.files.path_kind import is_file

    file: str = arguments.file
    if file != STANDARD and is_file(file) and not arguments.force:
        raise problem(UNWRITABLE, "this file exists", Place(file), "--force replaces it")
    deliver(starter(), file)
    if file != STANDARD:
        say(f"wrote {file}; next: sizer run {file}")
    return Exit.WELL


COMMAND = Command("init", "write a commented starter profile", declare, handle)
