"""`sizer recommend`: the reference recommender's flags, answered in its JSON."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.commands.measurements.import_json import files_of, flags, flags_of
from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver
from sizer.cli.streams.streams import answer, say
from sizer.diagnostic import problem


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    flags(parser)
    help_ = "list the accelerators that --gpu-library takes"
    parser.add_argument("--list-gpus", action="store_true", help=help_)
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")


def handle(arguments: Namespace) -> Exit:
    """Write the recommendations, and say a line on each model."""
    if arguments.list_gpus:
        return _listed()
    if arguments.models is None:
        raise problem(USAGE, "no --models", hint="give --models M.json; `-` is standard input")
    from sizer.cli.options.facts import asking_hub
    from sizer.reference import recommend_json, tokens

    files, asked = files_of(arguments), flags_of(arguments)
    found = recommend_json(files, asked, asking_hub(tokens(files.models)))
    deliver(found.text, arguments.output)
    for line in found.summaries:
        say(line)
    return Exit.WELL if found.complete else Exit.NOTHING_SURVIVES


def _listed() -> Exit:
    from sizer.reference import list_available_gpus

    answer("".join(f"{name}\n" for name in list_available_gpus()))
    return Exit.WELL


COMMAND = Command("recommend", "answer as the reference recommender does", declare, handle)
