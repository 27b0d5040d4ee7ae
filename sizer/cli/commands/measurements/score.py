"""`sizer score`: the estimator held against measurements."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from sys import intern
from typing import TYPE_CHECKING

from sizer.cli.options.arguments import USAGE, count, declare_form
from sizer.cli.options.estimators import declare_estimator
from sizer.cli.options.measured import declare_measured, measured_of
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import answer, say, tell
from sizer.diagnostic import problem
from sizer.render.forms import SCORES
from sizer.structure.nearest import did_you_mean
from sizer.units import counted

if TYPE_CHECKING:  # the parser alone reads no table
    from sizer.structure.files.csv_document import Table


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    declare_measured(parser)
    parser.add_argument("--by", metavar="COLUMN", help="score each value of this column too")
    parser.add_argument("--worst", metavar="N", type=count, help="list so many rows of each metric")
    declare_form(parser, SCORES)
    declare_estimator(parser)


def handle(arguments: Namespace) -> Exit:
    """Print the scores; when nothing could be scored, the exit code is 1."""
    import numpy as np
    from attrs import asdict

    from sizer.cli.options.facts import asking_hub
    from sizer.load.contradictions import contradictions
    from sizer.load.points import BLOCK, point_columns, read_measured, read_points

    table = measured_of(arguments)
    point_columns(table)
    measured, groups = read_measured(table), groups_of(table, arguments.by)
    tell(contradictions(table, measured))
    from sizer.pipeline.points import estimated_numbers
    from sizer.pipeline.score import names_of, scores, worst
    from sizer.render.scores import Scored
    from sizer.resolve.points import catalog_places

    truths = {name: np.array(cells, np.float64) for name, cells in measured.items()}
    blocks = map(read_points, table.blocks(BLOCK))
    with Progress("rows") as progress:
        estimates, wrong = estimated_numbers(
            blocks,
            names_of(tuple(measured)),
            catalog_places(asking_hub()),
            arguments.estimator,
            lambda done: progress(done, table.count),
        )
    found = scores(estimates, truths, groups)
    missed = worst(estimates, truths, arguments.worst or 0)
    scored = Scored(tuple(map(asdict, found)), tuple(map(asdict, missed)))
    answer(SCORES.render(scored, arguments.format))
    if wrong:
        given = counted(table.count, "row")
        say(f"{wrong:,} of {given} cannot be estimated; `sizer estimate` says why")
    return Exit.WELL if found else Exit.NOTHING_SURVIVES


def groups_of(table: Table, column: str | None) -> Sequence[str] | None:
    """Return each row's value of a column; None without one.

    Raises Problem (SZ006) when the table lacks it.
    """
    if column is None:
        return None
    from sizer.load.points import BLOCK

    if column not in table.columns:
        hint = did_you_mean(column, table.columns)
        raise problem(USAGE, f"--by {column}: the table has no such column", hint=hint)
    index = table.columns.index(column)
    blocks = table.blocks(BLOCK)
    return [intern(cells[index].strip()) for block in blocks for cells in block.rows]


COMMAND = Command("score", "hold the estimator against measurements", declare, handle)
