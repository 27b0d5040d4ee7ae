"""`sizer diff`: which answers a change of profiles, rules, prices or facts changes, and why."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.options.arguments import declare_form
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver
from sizer.render.forms import DIFFERENCE


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "a profile, a lock, a folder, or a revision like `main`, `main..HEAD`"
    parser.add_argument("before", metavar="A", nargs="?", help=help_)
    help_ = "another; a revision alone is compared with the work tree, nothing means HEAD"
    parser.add_argument("after", metavar="B", nargs="?", help=help_)
    declare_form(parser, DIFFERENCE)
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")
    help_ = "end with 1 when an answer changed"
    parser.add_argument("--exit-code", action="store_true", help=help_)


def handle(arguments: Namespace) -> Exit:
    """Print the difference; it is the answer whether there is one or not."""
    from sizer.cli.options.facts import asking_hub
    from sizer.diff import compared

    found = compared(arguments.before, arguments.after, asking_hub())
    deliver(DIFFERENCE.render(found, arguments.format), arguments.output)
    return Exit.NOTHING_SURVIVES if arguments.exit_code and found.changed else Exit.WELL


COMMAND = Command("diff", "say which answers a change changes, and why", declare, handle)
