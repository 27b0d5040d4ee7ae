"""`sizer estimate`: every metric of every row of a table of points."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sizer.cli.options.estimators import declare_estimator
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver
from sizer.cli.streams.streams import say

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
    from sizer.load.points import read_points
    from sizer.structure.files.csv_document import read_csv

    table = read_csv(arguments.points)
    rows = read_points(table)
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline.points import estimate_points
    from sizer.render.points import points_csv, points_jsonl

    estimates = estimate_points(rows, asking_hub(), arguments.estimator)
    found = [(each.metrics, each.problem) for each in estimates]
    lines = str(arguments.output or "").endswith(LINES)
    written = points_jsonl if lines else points_csv
    deliver(written(table.columns, table.rows, found), arguments.output)
    wrong = sum(each.problem is not None for each in estimates)
    if wrong:
        say(f"{wrong} of {len(estimates)} rows cannot be estimated; the column `problem` says why")
    return Exit.NOTHING_SURVIVES if wrong else Exit.WELL


COMMAND = Command("estimate", "estimate every row of a table of points", declare, handle)
