"""`sizer explain memory`: the memory of one candidate, line by line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.output import deliver
from sizer.diagnostic import Diagnostic, Problem, problem
from sizer.schema.asked.names import DRAFTED, HELD, LIMITS, SERVED, SPLIT

SUBJECT = "memory"
OPTIONS = ("model", "gpu", *SPLIT, *SERVED, "concurrency", *LIMITS, *HELD, *DRAFTED)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments that go with `memory`: columns of `sizer estimate`."""
    group = parser.add_argument_group(
        "with `memory`", "one candidate, as a row of `sizer estimate` says it"
    )
    for name in OPTIONS:
        group.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="VALUE")
    group.add_argument("--json", action="store_true", help="the same numbers as JSON")


def explain_memory(arguments: Namespace) -> None:
    """Print the ledger of one candidate.

    Raises Problem (SZ006) when it cannot be placed.
    """
    from sizer.load.points import read_points
    from sizer.structure.files.csv_document import CsvTable

    given = {name: text for name in OPTIONS if (text := getattr(arguments, name)) is not None}
    hint = "write `sizer explain memory --model NAME --gpu NAME --tp N`"
    for name in ("model", "gpu"):
        if name not in given:
            raise problem(USAGE, f"--{name} is missing", hint=hint)
    table = CsvTable("", tuple(given), (tuple(given.values()),))
    (row,) = read_points(table)
    if row.point is None:
        raise Problem(tuple(Diagnostic(USAGE, fault) for fault in row.faults))
    from sizer.catalog.lookup import Unknown
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline.ledgers import ledger
    from sizer.render.forms import LEDGER

    try:
        found = ledger(row.point, asking_hub())
    except Unknown as fault:
        raise problem(fault.code or USAGE, str(fault), hint=fault.hint) from None
    except Problem:
        raise
    except ValueError as fault:
        raise problem(USAGE, str(fault)) from None
    form = "json" if arguments.json or arguments.format == "json" else "text"
    deliver(LEDGER.render(found, form), None)


def refuse(arguments: Namespace) -> None:
    """Raise Problem for an option of a candidate where none is asked for."""
    for name in (*OPTIONS, "json"):
        if getattr(arguments, name):
            option = name.replace("_", "-")
            raise problem(USAGE, f"--{option} goes with `memory`", hint="sizer explain memory ...")
