"""`sizer recommend`: the reference recommender's flags, answered in its JSON."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.commands.measurements.import_json import BATCH_SIZE, PRECISION, flags
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    flags(parser, required=True)
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")


def handle(arguments: Namespace) -> Exit:
    """Write the recommendations."""
    from sizer.cli.options.facts import asking_hub
    from sizer.reference import recommend_json

    text, answered = recommend_json(
        arguments.models,
        arguments.gpus,
        latency_bound_ms=arguments.latency_bound,
        precision=arguments.precision or PRECISION,
        batch_size=arguments.batch_size or BATCH_SIZE,
        facts=asking_hub(),
    )
    deliver(text, arguments.output)
    return Exit.WELL if answered else Exit.NOTHING_SURVIVES


COMMAND = Command("recommend", "answer as the reference recommender does", declare, handle)
