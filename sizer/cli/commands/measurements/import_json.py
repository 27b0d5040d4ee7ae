"""`sizer import --models --gpus`: the reference recommender's JSON files as a profile."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _ActionsContainer
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli.options.arguments import USAGE, amount, count
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import STANDARD, deliver
from sizer.diagnostic import problem

if TYPE_CHECKING:  # the parser alone reads no files
    from sizer.reference import Files, Flags
    from sizer.structure.files.json_document import JsonDocument

PRECISION = "fp16"
BATCH_SIZE = 1
REQUIRED = ("models",)
FILES = ("models", "gpus", "extend_gpus")
LENGTHS = ("sequence_length", "input_length", "output_length")
OPTIONS = (*FILES, "gpu_library", "latency_bound", "precision", "batch_size", *LENGTHS)
HOW = "give --gpus G.json, or --gpu-library NAME..."


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    flags(parser.add_argument_group("a profile, from the reference recommender's files"))


def flags(parser: _ActionsContainer) -> None:
    """Declare the reference command's own flags."""
    parser.add_argument("--models", metavar="M.json", help="models, as JSON; `-` is standard input")
    parser.add_argument("--gpus", metavar="G.json", help="accelerators, as JSON, or `-`")
    help_ = "accelerators of the catalog, in place of --gpus"
    parser.add_argument("--gpu-library", metavar="NAME", nargs="+", help=help_)
    help_ = "accelerators beside those of --gpu-library, as JSON"
    parser.add_argument("--extend-gpus", metavar="G.json", help=help_)
    parser.add_argument(
        "--latency-bound", metavar="MS", type=amount, help="longest time between output tokens"
    )
    parser.add_argument("--precision", metavar="P", help=f"weights (default: {PRECISION})")
    parser.add_argument(
        "--batch-size", metavar="N", type=count, help=f"concurrency (default: {BATCH_SIZE})"
    )
    whats = ("tokens of prompt and answer together", "tokens of a prompt", "tokens of an answer")
    for name, what in zip(LENGTHS, whats, strict=True):
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="N", type=count, help=what)


def handle(arguments: Namespace) -> Exit:
    """Write the profile that asks what the reference command would be asked."""
    from sizer.reference import import_profile
    from sizer.structure.write import profile_text

    profile = import_profile(files_of(arguments), flags_of(arguments))
    deliver(profile_text(profile), arguments.output)
    return Exit.WELL


def files_of(arguments: Namespace) -> Files:
    """Return the files that the flags name, read.

    Raises Problem (SZ006) for flags that do not go together, and for a file that is no JSON.
    """
    from sizer.reference import Files

    if arguments.gpus is None and arguments.gpu_library is None:
        raise problem(USAGE, "no --gpus", hint=HOW)
    if arguments.gpus is not None and arguments.gpu_library is not None:
        raise problem(USAGE, "--gpus does not go with --gpu-library", hint="write --extend-gpus")
    if arguments.extend_gpus is not None and arguments.gpu_library is None:
        raise problem(USAGE, "--extend-gpus goes with --gpu-library", hint=HOW)
    if [getattr(arguments, name) for name in FILES].count(STANDARD) > 1:
        raise problem(USAGE, "standard input can be one file only", hint="name the other")
    others = arguments.gpus if arguments.gpu_library is None else arguments.extend_gpus
    given = None if others is None else _read(others)
    return Files(_read(arguments.models), given, tuple(arguments.gpu_library or ()))


def flags_of(arguments: Namespace) -> Flags:
    """Return the settings that the flags say."""
    from sizer.reference import Flags, Lengths

    return Flags(
        latency_bound_ms=arguments.latency_bound,
        precision=arguments.precision or PRECISION,
        batch_size=arguments.batch_size or BATCH_SIZE,
        lengths=Lengths(arguments.input_length, arguments.output_length, arguments.sequence_length),
    )


def _read(name: str) -> JsonDocument:
    from sizer.cli.options.question import STANDARD_NAME, standard_input
    from sizer.structure.files.json_document import parse_json, read_json

    if name == STANDARD:
        return parse_json(standard_input(), STANDARD_NAME)
    return read_json(Path(name))
