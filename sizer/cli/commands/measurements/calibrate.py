"""`sizer calibrate`: measurements to the constants of the estimator."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sizer.cli.options.arguments import USAGE
from sizer.cli.options.measured import declare_measured, measured_of
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver
from sizer.cli.streams.streams import say, tell
from sizer.diagnostic import Place, Problem, problem
from sizer.units import counted


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    declare_measured(parser)
    help_ = "where to write the calibration; standard output without it"
    parser.add_argument("-o", "--output", metavar="FILE.toml", help=help_)
    help_ = "the calibration to start from: a shipped one's name, or a file; default `default`"
    parser.add_argument("--prior", default="default", help=help_)
    parser.add_argument("--by", metavar="COLUMN", help="rows of one value are left out together")
    parser.add_argument("--name", help="the calibration's name; the file's without it")
    parser.add_argument("--source", help="where the measurements are from")


def handle(arguments: Namespace) -> Exit:
    """Write the calibration."""
    from sizer.catalog.calibration import found_calibration
    from sizer.cli.commands.measurements.score import groups_of
    from sizer.load.contradictions import contradictions
    from sizer.load.points import BLOCK, read_measured, read_points
    from sizer.pipeline.calibrations import calibrate
    from sizer.schema.facts.calibration import FEWEST_GROUPS
    from sizer.schema.metrics import together
    from sizer.structure.facts import write_facts

    table = measured_of(arguments)
    rows = [row for block in table.blocks(BLOCK) for row in read_points(block)]
    measured = read_measured(table)
    tell(contradictions(table, measured))
    prior = found_calibration(arguments.prior, Path.cwd())
    groups = groups_of(table, arguments.by)
    name = arguments.name or Path(arguments.output or arguments.measured).stem
    source = arguments.source or f"{counted(len(rows), 'row')} of {arguments.measured.name}"
    try:
        found = calibrate(rows, measured, groups, prior, (name, source))
    except Problem:
        raise
    except ValueError as fault:
        raise problem(USAGE, str(fault), Place(str(arguments.measured))) from None
    deliver(write_facts(found.calibration), arguments.output)
    values = counted(len(found.misfit.rows), "measured value")
    say(f"{values} of {counted(len(rows), 'row')} took part")
    few = together(name for name, each in found.calibration.intervals.items() if each.prior)
    if few:
        said = f"intervals of {', '.join(few)} are {prior.name}'s, widened to these measurements"
        say(f"{said}: {FEWEST_GROUPS} pairs of model and accelerator make intervals of their own")
    return Exit.WELL


COMMAND = Command("calibrate", "fit the estimator's constants to measurements", declare, handle)
