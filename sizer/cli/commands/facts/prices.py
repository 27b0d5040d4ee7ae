"""`sizer prices`: instances as they are sold, or a file of prices from a table of them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli.options.arguments import USAGE, declare_form
from sizer.cli.options.waiver_day import day
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import STANDARD, deliver
from sizer.cli.streams.streams import answer, say
from sizer.diagnostic import problem
from sizer.render.forms import LISTING
from sizer.units import counted

if TYPE_CHECKING:  # the parser alone loads no tables
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sizer.render.listing import Row
    from sizer.schema.facts.price import Price
    from sizer.schema.facts.prices import PriceRow

PROVIDER = "SZ704"
TEXT = "text"
COLUMNS = (
    "gpu",
    "provider",
    "instance",
    "gpus",
    "usd_per_hour",
    "usd_per_gpu_hour",
    "region",
    "term",
    "as_of",
)
ALL_COLUMNS = (*COLUMNS, "vcpus", "memory_gib", "source")  # of JSON and CSV
ONE_BY_ONE = "sold one by one"


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "an accelerator, a part of its name, or a provider"
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help=help_)
    declare_form(parser, LISTING)
    help_ = "a CSV with the columns of profiles/README.md, or gpuhunt's, to make a price file of"
    parser.add_argument("--from", dest="table", metavar="FILE.csv", type=Path, help=help_)
    help_ = "the price file; what it says of other offers is kept (default: stdout)"
    parser.add_argument("-o", "--output", metavar="FILE.toml", help=help_)
    help_ = "list the prices of one provider; with --from, whose prices gpuhunt's table has"
    parser.add_argument("--provider", metavar="NAME", help=help_)
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", type=day, help="their date")


def handle(arguments: Namespace) -> Exit:
    """List the catalog's prices, or write a file of others."""
    if arguments.table is not None:
        return _refresh(arguments)
    if arguments.output or arguments.as_of:
        raise problem(USAGE, "--output and --as-of go with --from")
    from sizer.render.listing import Listing

    found = list(_listed(arguments.text, arguments.provider))
    if not found:
        seller = f" from {arguments.provider}" if arguments.provider else ""
        say(f"no price{seller} of an accelerator whose name contains {arguments.text!r}")
        return Exit.NOTHING_SURVIVES
    shown = arguments.format == TEXT
    rows = [{**_row(each), **(_shown(each) if shown else {})} for each in found]
    columns = COLUMNS if shown else ALL_COLUMNS
    answer(LISTING.render(Listing(rows, columns), arguments.format))
    return Exit.WELL


def _row(price: Price) -> Row:
    """Return a price for programs: what nobody says is None."""
    row = {name: getattr(price, name) or None for name in ALL_COLUMNS}
    return {**row, "usd_per_hour": price.usd_per_hour, "usd_per_gpu_hour": price.usd_per_gpu_hour}


def _shown(price: Price) -> Row:
    """Return what people read in place of what is None."""
    unnamed = ONE_BY_ONE if price.gpus is None else f"server of {price.gpus}"
    instance, region = price.instance or unnamed, price.region or "any"
    return {"instance": instance, "gpus": price.gpus or 1, "region": region}


def _listed(text: str, provider: str | None) -> Iterator[Price]:
    """Yield the catalog's prices of a provider, or of accelerators by name or a part of it.

    Raises Problem for a provider that has no price.
    """
    from sizer.catalog.gpus import gpu_names, knows_gpu
    from sizer.catalog.prices import prices_of, providers, same
    from sizer.structure.nearest import did_you_mean

    if provider is not None and not any(same(provider, each) for each in providers()):
        hint = did_you_mean(provider, providers()) or f"one of {', '.join(providers())}"
        raise problem(PROVIDER, f"unknown provider {provider!r}", hint=hint)
    for gpu in gpu_names():
        meant = text.casefold() in gpu.casefold() or knows_gpu(text) == gpu
        for each in prices_of(gpu):
            if provider is not None and not same(provider, each.provider):
                continue
            if meant or same(text, each.provider):
                yield each


def _refresh(arguments: Namespace) -> Exit:
    """Write a price file anew: rows of the table replace those of the same offer."""
    from sizer.load.price_file import merged, read_prices_at, written

    rows = _rows(arguments.table, arguments.provider, arguments.as_of)
    to_file = arguments.output not in {None, STANDARD}
    old = read_prices_at(Path(arguments.output)) if to_file else ()
    made = merged(old, rows)
    deliver(written(made), arguments.output)
    before = set(old)
    same = sum(each in before for each in rows)
    read = counted(len(rows), "price")
    say(f"{read} read: {len(rows) - same} new or changed, {same} as before")
    return Exit.WELL


def _rows(table: Path, provider: str | None, as_of: date | None) -> Sequence[PriceRow]:
    from sizer.imports.gpuhunt import converted, is_gpuhunt
    from sizer.load.price_file import read_prices_at
    from sizer.structure.files.csv_document import read_csv

    found = read_csv(table)
    if not is_gpuhunt(found):
        return read_prices_at(table)
    if as_of is None:
        hint = "gpuhunt's tables have no dates: --as-of 2026-11-25"
        raise problem(USAGE, "--as-of is needed: of which day are these prices?", hint=hint)
    made = converted(found, provider or table.stem, as_of)
    for name, count in sorted(made.unknown.items()):
        row = counted(count, "row")
        say(f"{row} of {name!a} left out: the catalog has no such accelerator")
    return made.rows


COMMAND = Command(
    "prices", "list instances and what they cost, or make a file of prices", declare, handle
)
