"""`sizer estimate`: every metric of every row of a table of points."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli.options.estimators import declare_estimator
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver_pieces
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import say
from sizer.units import counted

if TYPE_CHECKING:  # the parser alone writes no table
    from sizer.render.points import Block

LINES = (".jsonl", ".ndjson")


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "a CSV with the columns model and gpu, and what else is not the default"
    parser.add_argument("points", metavar="POINTS.csv", type=Path, help=help_)
    help_ = "where to write, as CSV or by its ending as JSON lines (default: stdout)"
    parser.add_argument("-o", "--output", metavar="FILE", help=help_)
    declare_estimator(parser)


def handle(arguments: Namespace) -> Exit:
    """Write the table again with its estimates; rows that have none make the exit code 1."""
    from sizer.load.points import BLOCK, point_columns, read_points
    from sizer.structure.files.csv_document import open_csv

    table = open_csv(arguments.points)
    point_columns(table)
    blocks = ((block.rows, read_points(block)) for block in table.blocks(BLOCK))
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline.points import estimate_points
    from sizer.render.forms import POINTS
    from sizer.render.points import Estimated
    from sizer.resolve.points import catalog_places

    places, done, wrong = catalog_places(asking_hub()), 0, 0

    def estimated() -> Iterator[Block]:
        nonlocal done, wrong
        for cells, rows in blocks:
            found = estimate_points(rows, places, arguments.estimator)
            yield cells, found
            done += len(found)
            wrong += sum(each is not None for each in found.problems)
            progress(done, table.count)

    form = "jsonl" if str(arguments.output or "").endswith(LINES) else "csv"
    with Progress("rows") as progress:
        points = Estimated(table.columns, estimated())
        deliver_pieces(POINTS.render(points, form), arguments.output)
    if wrong:
        given = counted(done, "row")
        say(f"{wrong:,} of {given} cannot be estimated; the column `problem` says why")
    return Exit.NOTHING_SURVIVES if wrong else Exit.WELL


COMMAND = Command("estimate", "estimate every row of a table of points", declare, handle)
