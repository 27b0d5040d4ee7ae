"""`sizer import --trace`: a log of requests as a traffic.toml, or its GROUP BY for a warehouse."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver
from sizer.cli.streams.progress import Progress

REQUIRED = ("trace",)
OPTIONS = REQUIRED
SQL = ("sql",)
DATABASES = ("spark", "trino", "bigquery", "duckdb")


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    group = parser.add_argument_group("traffic.toml, from a log of requests")
    group.add_argument(
        "--trace",
        metavar="LOG",
        help="CSV or JSONL (Azure's, BurstGPT's, Mooncake's, your own; also .gz), Parquet, or the "
        "/metrics of vLLM or SGLang; no prompt is read",
    )
    help_ = "print the query that counts a log where it is; --trace takes its result as Parquet"
    group.add_argument("--sql", choices=DATABASES, help=help_)


def handle(arguments: Namespace) -> Exit:
    """Write the summary of a log."""
    from sizer.structure.facts import write_facts
    from sizer.traffic.logs.reading import read_log

    path = Path(arguments.trace)
    with Progress(f"bytes of {path.name}") as progress:
        found = read_log(path, progress)
    deliver(write_facts(found), arguments.output)
    return Exit.WELL


def print_query(arguments: Namespace) -> Exit:
    """Write the query for a warehouse."""
    from sizer.traffic.logs.warehouse import warehouse_query

    deliver(warehouse_query(arguments.sql), arguments.output)
    return Exit.WELL
