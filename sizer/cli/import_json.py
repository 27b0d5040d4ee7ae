"""`sizer import`: the reference recommender's JSON files as a profile."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sizer.cli.arguments import amount, count
from sizer.cli.command import Command
from sizer.cli.exit import Exit
from sizer.cli.output import deliver


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments: the reference command's own flags."""
    parser.add_argument("--models", metavar="M.json", type=Path, required=True, help="models")
    parser.add_argument("--gpus", metavar="G.json", type=Path, required=True, help="accelerators")
    parser.add_argument(
        "--latency-bound", metavar="MS", type=amount, help="longest time between output tokens"
    )
    parser.add_argument("--precision", metavar="P", default="fp16", help="weights (default: fp16)")
    parser.add_argument(
        "--batch-size", metavar="N", type=count, default=1, help="concurrency (default: 1)"
    )
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")


def handle(arguments: Namespace) -> Exit:
    """Write the profile that asks what the reference command would be asked."""
    from sizer.reference import import_profile  # noqa: PLC0415  # heavy
    from sizer.structure.write import profile_text  # noqa: PLC0415  # heavy

    profile = import_profile(
        arguments.models,
        arguments.gpus,
        latency_bound_ms=arguments.latency_bound,
        precision=arguments.precision,
        batch_size=arguments.batch_size,
    )
    deliver(profile_text(profile), arguments.output)
    return Exit.WELL


COMMAND = Command("import", "turn the reference recommender's JSON into a profile", declare, handle)
