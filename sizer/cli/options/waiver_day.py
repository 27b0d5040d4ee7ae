"""`--today` and `--no-waivers`: which waivers count."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the parser alone loads no rules
    from sizer.load.rules import Waiving


def declare(parser: ArgumentParser, *, switch: bool = True) -> None:
    """Declare the options; `switch` is whether waivers can be left out."""
    help_ = "the date by which waivers expire and rules start (default: today in UTC)"
    parser.add_argument("--today", metavar="YYYY-MM-DD", type=day, help=help_)
    if switch:
        help_ = "judge as if there were no waivers"
        parser.add_argument("--no-waivers", action="store_true", help=help_)


def waiving_of(arguments: Namespace) -> Waiving:
    """Return which waivers count."""
    from sizer.load.rules import Waiving, today

    applied = not getattr(arguments, "no_waivers", False)
    return Waiving(arguments.today or today(), applied)


def day(text: str) -> date:
    """Return a date.

    Raises argparse.ArgumentTypeError for anything else.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2027-01-31") from None
