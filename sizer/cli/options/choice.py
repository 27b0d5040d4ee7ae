"""`--select` and `--ignore`: which rules a command judges by."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the parser alone loads no rules
    from sizer.load import Selection


def declare(parser: ArgumentParser) -> None:
    """Declare both options."""
    for option, help_ in (
        ("--select", "judge only by rules whose id or tag matches, like `slo.*`"),
        ("--ignore", "leave out rules whose id or tag matches"),
    ):
        parser.add_argument(option, metavar="GLOB", action="append", default=[], help=help_)


def selection_of(arguments: Namespace) -> Selection:
    """Return the selection; a comma separates globs too."""
    from sizer.load import Selection

    return Selection(_globs(arguments.select), _globs(arguments.ignore))


def _globs(given: list[str]) -> tuple[str, ...]:
    parts = (part.strip() for each in given for part in each.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
