"""`sizer check`: every fault of profiles and rule files, without an estimate.

The findings are the answer, so they go to standard output; the summary is conversation.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli import choice
from sizer.cli.command import Command
from sizer.cli.exit import Exit
from sizer.cli.streams import answer, say, written
from sizer.diagnostic import SEVERITIES, Diagnostic, Problem

if TYPE_CHECKING:  # the parser alone loads no rules
    from sizer.load import Selection


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "profiles and rule files; `-` is a profile from standard input"
    parser.add_argument("files", metavar="FILE", nargs="+", help=help_)
    choice.declare(parser)


def handle(arguments: Namespace) -> Exit:
    """Print all findings; an error makes the question a bad one."""
    found = list(_findings(arguments.files, choice.selection_of(arguments)))
    answer("".join(f"{written(each)}\n" for each in found))
    say(_summary(len(arguments.files), found))
    wrong = any(each.severity == "error" for each in found)
    return Exit.BAD_QUESTION if wrong else Exit.WELL


def _findings(files: Sequence[str], selection: Selection) -> Iterator[Diagnostic]:
    from sizer.cli.question import STANDARD, question  # noqa: PLC0415  # heavy
    from sizer.load import check  # noqa: PLC0415  # heavy

    if STANDARD in files:
        try:
            yield from question(STANDARD, selection).notes
        except Problem as problem:
            yield from problem.diagnostics
    named = [Path(file) for file in files if file != STANDARD]
    if named:
        yield from check(named, selection)


def _summary(count: int, found: Sequence[Diagnostic]) -> str:
    files = _counted(count, "file")
    numbers = {name: sum(each.severity == name for each in found) for name in SEVERITIES}
    told = [_counted(number, name) for name, number in numbers.items() if number]
    return f"{files} checked: {', '.join(told) or 'no faults'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 or noun == "info" else f"{number} {noun}s"


COMMAND = Command("check", "find every fault of profiles and rule files", declare, handle)
