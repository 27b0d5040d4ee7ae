"""`--max-price-age`: prices that are too old by `--today`, or have no date, do not count."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date, timedelta

from sizer.cli.options.arguments import count


def declare(parser: ArgumentParser) -> None:
    """Declare the option."""
    help_ = "prices that are older, or have no date, count as unknown"
    parser.add_argument("--max-price-age", metavar="DAYS", type=count, help=help_)


def oldest(arguments: Namespace) -> str | None:
    """Return the oldest date (ISO 8601) of a price that counts, None if all do."""
    days: int | None = arguments.max_price_age
    if days is None:
        return None
    from sizer.load.rules import today

    day = arguments.today or today()
    return (day - timedelta(days=min(days, (day - date.min).days))).isoformat()
