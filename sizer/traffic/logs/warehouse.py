"""The counts of a log as one query, to run where the log already is."""

from __future__ import annotations

from pathlib import Path
from string import Template

from sizer.traffic.logs.counts import counts
from sizer.traffic.logs.dialects import DIALECTS

BETWEEN = "\n\nUNION ALL\n\n"


def warehouse_query(name: str) -> str:
    """Return the query in the words of a database, one of DIALECTS by its name."""
    dialect = next(each for each in DIALECTS if each.name == name)
    table = Template(Path(__file__).with_name("warehouse.sql").read_text("utf-8"))
    head = table.substitute(name=name, microseconds=dialect.microseconds.format("timestamp"))
    return head + BETWEEN.join(counts(dialect)) + "\n"
