"""A log to its summary: read once, counted, put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sizer.diagnostic import Place, problem
from sizer.schema.asked.traffic import Traffic
from sizer.structure.files.path_kind import is_file
from sizer.traffic.logs.counts import COLUMNS, counts
from sizer.traffic.logs.database import UNREADABLE, Database, Rows, database
from sizer.traffic.logs.dialects import DUCKDB
from sizer.traffic.logs.formats import Log, Tally, log_at
from sizer.traffic.logs.metrics import is_metrics, metrics_summary
from sizer.traffic.logs.requests import fill, table
from sizer.traffic.logs.summary import grouped, summary

Progress = Callable[[int, int], None]
READING = 0.5  # of the work, for progress alone


def silent(done: int, total: int) -> None:
    """Report no progress."""


def read_log(path: Path, progress: Progress = silent) -> Traffic:
    """Return the summary of a log, whatever wrote it; `progress` hears of bytes done, and of all.

    Raises Problem: SZ001 where there is no file, SZ804 without the extra `traffic`, SZ805 for a log
    that cannot be read or has no requests.
    """
    if not is_file(path):
        said = "this is no regular file" if path.exists() else "no such file"
        raise problem("SZ001", said, Place(str(path)))
    if is_metrics(path):
        return metrics_summary(path)
    with database(str(path)) as opened:
        log = log_at(path, opened)
        rows, total = _counted(log, opened, progress)
    found = grouped(rows)
    if not found["span"] or not found["span"][0][2]:
        raise problem(UNREADABLE, "the log has no requests", Place(str(path)))
    return summary(found, path.name, total)


def _counted(log: Log | Tally, opened: Database, progress: Progress) -> tuple[Rows, int | None]:
    """Return the rows of every count, and how many rows the log has."""
    if isinstance(log, Tally):
        return opened.rows(f"SELECT {', '.join(COLUMNS)} FROM {table(log)}"), None
    size = log.path.stat().st_size

    def heard(share: float) -> None:
        progress(round(share * size), size)

    fill(opened, log, lambda share: heard(READING * share))
    queries = counts(DUCKDB, sessions=log.session is not None, blocks=log.blocks is not None)
    rows: Rows = []
    for done, each in enumerate(queries):
        heard(READING + (1.0 - READING) * done / len(queries))
        rows += opened.rows(each)
    ((total,),) = opened.rows("SELECT COUNT(*) FROM logged")
    return rows, total
