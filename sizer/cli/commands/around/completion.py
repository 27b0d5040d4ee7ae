"""`sizer completion`: what a shell runs at its start so that it completes sizer's words."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import answer

SHELLS = ("bash", "zsh", "fish")


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=SHELLS, help="whose set-up to print")


def handle(arguments: Namespace) -> Exit:
    """Print the set-up, to be evaluated by the shell."""
    from argcomplete.shell_integration import shellcode

    answer(shellcode(["sizer"], shell=arguments.shell) + "\n")
    return Exit.WELL


COMMAND = Command("completion", "print the set-up of completion in a shell", declare, handle)
