"""`sizer import --models --gpus`: the reference recommender's JSON files as a profile."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _ActionsContainer
from pathlib import Path

from sizer.cli.options.arguments import amount, count
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver

PRECISION = "fp16"
BATCH_SIZE = 1
REQUIRED = ("models", "gpus")
OPTIONS = (*REQUIRED, "latency_bound", "precision", "batch_size")


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    flags(parser.add_argument_group("a profile, from the reference recommender's files"))


def flags(parser: _ActionsContainer, *, required: bool = False) -> None:
    """Declare the reference command's own flags."""
    for name, what in (("models", "models"), ("gpus", "accelerators")):
        metavar, help_ = f"{name[0].upper()}.json", f"{what}, as JSON"
        parser.add_argument(f"--{name}", metavar=metavar, type=Path, required=required, help=help_)
    parser.add_argument(
        "--latency-bound", metavar="MS", type=amount, help="longest time between output tokens"
    )
    parser.add_argument("--precision", metavar="P", help=f"weights (default: {PRECISION})")
    parser.add_argument(
        "--batch-size", metavar="N", type=count, help=f"concurrency (default: {BATCH_SIZE})"
    )


def handle(arguments: Namespace) -> Exit:
    """Write the profile that asks what the reference command would be asked."""
    from sizer.reference import import_profile
    from sizer.structure.write import profile_text

    profile = import_profile(
        arguments.models,
        arguments.gpus,
        latency_bound_ms=arguments.latency_bound,
        precision=arguments.precision or PRECISION,
        batch_size=arguments.batch_size or BATCH_SIZE,
    )
    deliver(profile_text(profile), arguments.output)
    return Exit.WELL
