"""`sizer schema`: JSON Schema of files, for editors, and of the answer, for programs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver

ANSWER = "answer"
KINDS = ("profile", "rules", "tests", ANSWER)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "of which files, or of what `run --format json` writes (default: profile)"
    parser.add_argument("kind", nargs="?", choices=KINDS, default="profile", help=help_)
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (default: stdout)")


def handle(arguments: Namespace) -> Exit:
    """Write the schema."""
    from sizer.load.editor import editor_schema
    from sizer.render.kit import dumped
    from sizer.render.report import answer_schema

    made = answer_schema() if arguments.kind == ANSWER else editor_schema(arguments.kind)
    deliver(dumped(made), arguments.output)
    return Exit.WELL


COMMAND = Command(
    "schema", "write the JSON Schema of profiles, rules, tests or answers", declare, handle
)
