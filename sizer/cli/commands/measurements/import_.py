"""`sizer import`: what other tools wrote, as files of sizer's own."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.commands.measurements import import_json, import_log, import_trace
from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.diagnostic import problem

SOURCES = (  # options without which a source cannot be read, all its options, its handler
    (import_log.REQUIRED, import_log.OPTIONS, import_log.handle),
    (import_json.REQUIRED, import_json.OPTIONS, import_json.handle),
    (import_trace.REQUIRED, import_trace.OPTIONS, import_trace.handle),
    (import_trace.SQL, import_trace.SQL, import_trace.print_query),
)
HELP = "give --vllm-log FILE, --trace LOG, or --models M.json and --gpus G.json"


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments of every source."""
    import_log.declare(parser)
    import_json.declare(parser)
    import_trace.declare(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (default: stdout)")


def handle(arguments: Namespace) -> Exit:
    """Import from the one source that the options name.

    Raises Problem (SZ006) when they name none, or two.
    """
    asked = [each for each in SOURCES if any(_given(arguments, name) for name in each[1])]
    if len(asked) != 1:
        said = "two sources at once" if asked else "nothing to import"
        raise problem(USAGE, said, hint=HELP)
    required, _, import_from = asked[0]
    lacking = [name for name in required if not _given(arguments, name)]
    if lacking:
        raise problem(USAGE, f"no --{lacking[0].replace('_', '-')}", hint=HELP)
    return import_from(arguments)


def _given(arguments: Namespace, name: str) -> bool:
    return getattr(arguments, name) is not None


COMMAND = Command(
    "import",
    "turn engines' logs into measurements, request logs into traffic, others' JSON into a profile",
    declare,
    handle,
)
