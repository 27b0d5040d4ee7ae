"""`--jobs`, `--ray` and `--resume`: who does a long sweep, and where what is done is kept."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli.options.arguments import count

if TYPE_CHECKING:  # the parser alone starts nobody
    from sizer.workers import Workers

NAMES = ("jobs", "ray", "resume")
HERE = True  # a text would be taken for an address
_ADDRESS = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}")


def declare(parser: ArgumentParser) -> None:
    """Declare the options."""
    by = parser.add_mutually_exclusive_group()
    help_ = "do a long sweep in so many processes, without a limit on its load points"
    by.add_argument("--jobs", metavar="N", type=count, help=help_)
    help_ = "or on a Ray cluster: this machine's, or that of a head like 10.0.0.1:6379"
    by.add_argument("--ray", metavar="ADDRESS", nargs="?", const=HERE, type=address, help=help_)
    help_ = "keep what is done of a long sweep in this folder, and go on from there"
    parser.add_argument("--resume", metavar="DIR", help=help_)


def workers_of(arguments: Namespace) -> Workers | None:
    """Return who was asked for, None for nobody."""
    if all(getattr(arguments, name) is None for name in NAMES):
        return None
    from sizer.workers import Processes, Ray, Serial, Workers

    folder = None if arguments.resume is None else Path(arguments.resume)
    if arguments.jobs is not None:
        return Workers(Processes(arguments.jobs), folder)
    if arguments.ray is not None:
        return Workers(Ray(None if arguments.ray is HERE else arguments.ray), folder)
    return Workers(Serial(), folder)


def address(text: str) -> str:
    """Return the address of a cluster's head.

    Raises argparse.ArgumentTypeError for anything else, like the profile that stands behind.
    """
    if not _ADDRESS.fullmatch(text):
        said = f"{text!r} is no address like 10.0.0.1:6379; without one, write --ray last"
        raise ArgumentTypeError(said)
    return text
