"""`sizer check`: every fault of profiles and rule files, without an estimate.

The findings are the answer, so they go to standard output; the summary is conversation.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

from attrs import evolve

from sizer.cli.options import choice, waiver_day
from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver, look_of
from sizer.cli.streams.streams import say
from sizer.diagnostic import SEVERITIES, Checked, problem
from sizer.render.forms import FINDINGS

STANDARD = "-"
STANDARD_NAME = "<stdin>"
Delivery = tuple[str, str | None]


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "files, folders and globs of profiles and rule files; `-` is standard input"
    parser.add_argument("files", metavar="FILE", nargs="*", help=help_)
    forms = ", ".join(FINDINGS.forms)
    help_ = f"{forms} (default: text); once for each, like --format sarif:out.sarif"
    parser.add_argument(
        "--format", metavar="FORMAT[:FILE]", action="append", type=_delivery, help=help_
    )
    help_ = "the least severe finding that fails: error, warning or info (default: error)"
    parser.add_argument("--fail-level", choices=SEVERITIES, default="error", help=help_)
    help_ = "leave out files that match, or whose folder does, unless they are named themselves"
    parser.add_argument("--exclude", metavar="GLOB", action="append", default=[], help=help_)
    help_ = "the file that standard input is the content of"
    parser.add_argument("--stdin-filename", metavar="FILE", help=help_)
    choice.declare(parser)
    waiver_day.declare(parser, switch=False)


def handle(arguments: Namespace) -> Exit:
    """Write all findings in every format that is asked for; an error makes the question bad."""
    deliveries: list[Delivery] = arguments.format or [("text", None)]
    _refuse_two([target for _, target in deliveries])
    checked = _checked(arguments)
    for form, target in deliveries:
        deliver(FINDINGS.render(checked, form, look_of(target)), target)
    say(_summary(checked))
    if not checked.failed:
        return Exit.WELL
    wrong = any(each.severity == "error" for each in checked.found)
    return Exit.BAD_QUESTION if wrong else Exit.NOTHING_SURVIVES


def _checked(arguments: Namespace) -> Checked:
    from sizer.load import check
    from sizer.structure.files.text_file import LARGEST_BYTES

    named = [file for file in arguments.files if file != STANDARD]
    given: dict[str, bytes] = {}
    if arguments.stdin_filename or STANDARD in arguments.files:
        content = b"" if sys.stdin is None else sys.stdin.buffer.read(LARGEST_BYTES + 1)
        given[arguments.stdin_filename or STANDARD_NAME] = content
    if not named and not given:
        raise problem(USAGE, "nothing to check", hint="name files, folders or globs")
    selection, waivers = choice.selection_of(arguments), waiver_day.waiving_of(arguments)
    checked = check(named, selection, given, tuple(arguments.exclude), waivers)
    return evolve(checked, fail_level=arguments.fail_level)


def _delivery(text: str) -> Delivery:
    form, _, target = text.partition(":")
    if form not in FINDINGS.forms:
        raise ArgumentTypeError(f"{form!r} is not one of {', '.join(FINDINGS.forms)}")
    return form, target or None


def _refuse_two(targets: Sequence[str | None]) -> None:
    """Refuse two formats that would be written to the same place."""
    if len(set(targets)) < len(targets):
        hint = "give each its own file, like --format sarif:out.sarif"
        raise problem(USAGE, "two formats go to the same place", hint=hint)


def _summary(checked: Checked) -> str:
    files = _counted(len(checked.files), "file")
    if checked.dependents:
        files += f" and {len(checked.dependents)} that extend them"
    told = [_counted(number, name) for name, number in checked.counts().items() if number]
    day = f", waivers as of {checked.today}" if checked.today else ""
    return f"{files} checked{day}: {', '.join(told) or 'no faults'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 or noun == "info" else f"{number} {noun}s"


COMMAND = Command("check", "find every fault of profiles and rule files", declare, handle)
